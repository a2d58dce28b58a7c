import type { RestApp } from '../route.ts'
import { runDoctorRoute } from './run-doctor.ts'

/** Mounts the doctor. */
export function registerDoctorRoutes(app: RestApp): void {
  runDoctorRoute(app)
}
