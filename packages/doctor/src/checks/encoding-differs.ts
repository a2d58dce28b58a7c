import { defineCheck } from './check.ts'

export const encodingDiffers = defineCheck({
  id: 'encoding-differs',
  title: 'The encoding of the database is UTF8',
  needs: ['database'],
  examine({ database }) {
    if (database.encoding === 'UTF8') return []
    return [
      {
        severity: 'critical',
        subject: `database ${database.name}`,
        summary: `The encoding of the database ${database.name} is ${database.encoding}: bodies are Unicode and need UTF8. No server starts on it.`,
        advice:
          "An encoding cannot be changed. Create another database, CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and point DATABASE_URL to it.",
      },
    ]
  },
})
