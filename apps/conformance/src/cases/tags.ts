import { type CaseDraft, defineCases } from '../case.ts'
import { equal, fails } from '../expect.ts'

const KEY_LENGTH = 'Tag keys must be between 1 and 128 characters in length.'
const KEY_CHARACTERS =
  'Tag keys may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @'

/** Rules of TagQueue, UntagQueue and ListQueueTags. */
export const tagCases = defineCases({ covers: ['TagQueue', 'TagQueue.Tags', 'ListQueueTags'] }, [
  {
    name: 'ListQueueTags of a queue without tags has no Tags',
    evidence: 'R',
    covers: ['ListQueueTags', 'ListQueueTags.QueueUrl'],
    async run({ sqs, queue }) {
      equal(await sqs.listQueueTags({ QueueUrl: await queue() }), {}, 'the output')
    },
  },
  {
    name: 'TagQueue adds tags and overwrites those of equal keys',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      equal(await sqs.tagQueue({ QueueUrl, Tags: { a: '1', b: '2' } }), {}, 'the output')
      await sqs.tagQueue({ QueueUrl, Tags: { b: '3', c: '4' } })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags: { a: '1', b: '3', c: '4' } }, 'ListQueueTags')
    },
  },
  {
    name: 'TagQueue takes empty values',
    evidence: 'R',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      await sqs.tagQueue({ QueueUrl, Tags: { a: '' } })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags: { a: '' } }, 'ListQueueTags')
    },
  },
  {
    name: 'TagQueue tells keys apart by case',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      await sqs.tagQueue({ QueueUrl, Tags: { key: '1', Key: '2' } })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags: { key: '1', Key: '2' } }, 'ListQueueTags')
    },
  },
  {
    name: 'TagQueue takes keys of 1 and 128 characters and values of 256',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      const Tags = { k: 'v'.repeat(256), ['k'.repeat(128)]: 'v' }
      await sqs.tagQueue({ QueueUrl, Tags })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags }, 'ListQueueTags')
    },
  },
  {
    name: 'TagQueue takes letters of all scripts, digits, spaces and _ . : / = + - @',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      const Tags = { 'ключ 値 1 _.:/=+-@': 'Größe 7 _.:/=+-@' }
      await sqs.tagQueue({ QueueUrl, Tags })
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags }, 'ListQueueTags')
    },
  },
  ...(
    [
      ['a key of 129 characters', { ['k'.repeat(129)]: 'v' }, KEY_LENGTH],
      ['an empty key', { '': 'v' }, KEY_LENGTH],
      ['a key with #', { 'a#b': 'v' }, KEY_CHARACTERS],
      ['a key that begins with aws:', { 'aws:a': 'v' }, undefined],
      ['a value of 257 characters', { a: 'v'.repeat(257) }, undefined],
    ] as const
  ).map(
    ([what, Tags, text]): CaseDraft => ({
      name: `TagQueue refuses ${what} and changes nothing`,
      evidence: 'S',
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        await fails(sqs.tagQueue({ QueueUrl, Tags: { good: '1', ...Tags } }), 'InvalidParameterValueException', text)
        equal(await sqs.listQueueTags({ QueueUrl }), {}, 'ListQueueTags')
      },
    }),
  ),
  {
    name: 'TagQueue takes 50 tags and refuses the 51st',
    evidence: 'S',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v']))
      await sqs.tagQueue({ QueueUrl, Tags })
      const text = `Too many tags added for queue ${QueueUrl.split('/').at(-1)}.`
      await fails(sqs.tagQueue({ QueueUrl, Tags: { one: 'more' } }), 'InvalidParameterValueException', text)
      await sqs.tagQueue({ QueueUrl, Tags: { k0: 'overwritten' } })
      equal((await sqs.listQueueTags({ QueueUrl })).Tags, { ...Tags, k0: 'overwritten' }, 'ListQueueTags')
    },
  },
  {
    name: 'TagQueue without Tags is a MissingParameter',
    evidence: 'S',
    async run({ sqs, queue }) {
      const call = sqs.tagQueue({ QueueUrl: await queue() })
      await fails(call, 'MissingRequiredParameterException', 'The request must contain the parameter Tags.')
    },
  },
  {
    name: 'UntagQueue removes tags; keys that are not there are no error',
    evidence: 'R',
    covers: ['UntagQueue', 'UntagQueue.TagKeys'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      await sqs.tagQueue({ QueueUrl, Tags: { a: '1', b: '2' } })
      equal(await sqs.untagQueue({ QueueUrl, TagKeys: ['a', 'absent'] }), {}, 'the output')
      equal(await sqs.listQueueTags({ QueueUrl }), { Tags: { b: '2' } }, 'ListQueueTags')
      await sqs.untagQueue({ QueueUrl, TagKeys: ['b'] })
      equal(await sqs.listQueueTags({ QueueUrl }), {}, 'ListQueueTags without any left')
    },
  },
  {
    name: 'UntagQueue without TagKeys is a MissingParameter',
    covers: ['UntagQueue.TagKeys'],
    async run({ sqs, queue }) {
      await fails(sqs.untagQueue({ QueueUrl: await queue() }), 'MissingRequiredParameterException')
    },
  },
])
