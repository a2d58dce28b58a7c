import { hash } from 'node:crypto'

/** The MD5 of the UTF-8 bytes of a text, as SQS reports it: lower-case hexadecimal. */
export function md5OfText(text: string): string {
  return hash('md5', text)
}
