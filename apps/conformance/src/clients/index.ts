export { createHttp, type Http } from './http.ts'
export { createQueryClient } from './query-client.ts'
export { createSdkClient } from './sdk-client.ts'
export { SqsCallError, type SqsClient, type Target } from './sqs-client.ts'
