import type { Mutant } from '../mutant.ts'

export const extensionIgnored: Mutant = {
  name: 'extension-ignored',
  about: 'A lease that was extended ends when it had ended anyway.',
  promises: ['G6'],
  checkers: ['lease exclusivity'],
  patches: [
    {
      function: 'change_visibility_v1',
      find: 'SET visible_at = new_visible_at',
      replace: 'SET visible_at = least(m.visible_at, new_visible_at)',
    },
  ],
}
