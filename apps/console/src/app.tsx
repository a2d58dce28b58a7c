import { Navigate, Route, Routes } from 'react-router'
import { Shell } from './components/shell.tsx'
import { RunbookPage } from './pages/health/runbook-page.tsx'
import { HealthPage } from './pages/health.tsx'
import { KeysPage } from './pages/keys.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { QueuePage } from './pages/queue/queue-page.tsx'
import { QueuesPage } from './pages/queues/queues-page.tsx'

/** Every page there is. */
export function App() {
  return (
    <Shell>
      <Routes>
        <Route index element={<QueuesPage />} />
        <Route path="queues" element={<Navigate to="/" replace />} />
        <Route path="queues/:queue/:tab?" element={<QueuePage />} />
        <Route path="health" element={<HealthPage />} />
        <Route path="health/runbooks/:name" element={<RunbookPage />} />
        <Route path="keys" element={<KeysPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Shell>
  )
}
