import type { SettingName } from '../facts/read-settings.ts'
import type { Severity } from '../report.ts'
import { type Check, defineCheck } from './check.ts'
import { undoSetting } from './undo-setting.ts'

/** A check that a setting which must be on is not off. */
export function switchedOff(setting: SettingName, severity: Severity, consequence: string): Check {
  return defineCheck({
    id: `${setting.replaceAll('_', '-')}-off`,
    title: `${setting} is on`,
    needs: ['settings'],
    examine({ settings }) {
      if (settings.text(setting) !== 'off') return []
      return [
        {
          severity,
          subject: `setting ${setting}`,
          summary: `${setting} is off: ${consequence}.`,
          advice: undoSetting(setting, settings.source(setting)),
        },
      ]
    },
  })
}
