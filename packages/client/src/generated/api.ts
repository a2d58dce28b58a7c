// Generated from openapi.yaml; do not edit.
export interface paths {
    "/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List queues
         * @description Answers queues in the byte order of their names, one page at a time. `nextCursor` is there when more remain: give it as `cursor` to get the next page.
         */
        get: operations["listQueues"];
        put?: never;
        /**
         * Create a queue
         * @description Creates a queue. Doing it again with the same values answers the queue that exists; a value that differs from the one it has is refused. Settings that are absent take their defaults. Without a `kind` it is a `standard` queue.
         */
        post: operations["createQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a queue
         * @description Answers the settings and tags of a queue. Its counts have an address of their own.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        /**
         * Delete a queue
         * @description Deletes a queue with all its messages, at once and for good. A new queue may take its name right away.
         */
        delete: operations["deleteQueue"];
        options?: never;
        head?: never;
        /**
         * Update a queue
         * @description Changes the settings that are given and keeps the others; only a FIFO queue can be given `fifo`. `tags` and `scaling`, when given, are replaced as a whole.
         */
        patch: operations["updateQueue"];
        trace?: never;
    };
    "/v1/queues/{queue}/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Purge a queue
         * @description Removes every message that was sent before, the delayed and the leased ones too. The queue stays.
         */
        post: operations["purgeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the messages of a queue
         * @description Answers exact numbers of messages by state, however many there are.
         */
        get: operations["countMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/scaling": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say how many consumers a queue asks for
         * @description Answers how much work there is, how fast it comes and goes, and how many consumers that asks for by the scaling policy of the queue, or by the default one. All nodes answer the same. Made for autoscalers: every number but `drainSeconds` and `oldestMessageAgeSeconds` is always there.
         */
        get: operations["getScaling"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/dead-letter-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sources of a dead-letter queue
         * @description Answers the queues whose dead letters come here, in the byte order of their names, one page at a time.
         */
        get: operations["listDeadLetterSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at messages without receiving them
         * @description Answers messages in one state, page after page. It changes no count, no order and no lease. Bodies are cut; `peekMessage` answers one whole. A page can be short, or empty, although there is a `nextCursor`. What changes its state meanwhile can be missed or seen twice.
         */
        get: operations["peekMessages"];
        put?: never;
        /**
         * Send a message
         * @description Stores one message. When the answer is 201 the message is durable. A FIFO queue answers 200 to a duplicate, with the ids of the message that it is a duplicate of.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/messages/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send many messages
         * @description Stores up to 1,000 messages. Each stands alone: the results, in the order of the messages, say of each whether it is stored. A request of the wrong form stores nothing.
         */
        post: operations["sendMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive messages
         * @description Leases messages to the caller for the visibility timeout and answers them, as soon as there is at least one. Without any it waits up to `waitSeconds` and then answers an empty list. Delete a message when its work is done; a message that is not deleted in time is delivered again. A FIFO queue answers as many messages as it can of one group before it goes on with the next, and none of a group while one of its messages is leased.
         */
        post: operations["receiveMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at one message without receiving it
         * @description Answers a message whole, however it stands. It changes no count, no order and no lease.
         */
        get: operations["peekMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/leases/{receiptHandle}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a message
         * @description Deletes the message that this receipt handle holds: its work is done. A handle whose message is gone already, or was delivered again since, is a success without effect. A FIFO queue refuses a handle whose lease is over: the message is the first of its group again, and may be with another receiver.
         */
        delete: operations["deleteMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/leases/{receiptHandle}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend a lease
         * @description Gives a delivery a new visibility timeout, longer or shorter, counted from now.
         */
        post: operations["extendLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/leases/{receiptHandle}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a message
         * @description Ends a lease now, so that the message can be received again at once.
         */
        post: operations["releaseLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/leases/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete many messages
         * @description Deletes the messages of up to 1,000 receipt handles. Each stands alone; results are in the order given.
         */
        post: operations["deleteMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/leases/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend many leases
         * @description Gives up to 1,000 deliveries new visibility timeouts, counted from now. Each stands alone; results are in the order given.
         */
        post: operations["extendLeases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/leases/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release many messages
         * @description Ends up to 1,000 leases now. Each stands alone; results are in the order given.
         */
        post: operations["releaseLeases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/move-tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the move tasks of a queue
         * @description Answers the newest tasks of a queue, the newest first. The last 10 are remembered.
         */
        get: operations["listMoveTasks"];
        put?: never;
        /**
         * Move the messages of a dead-letter queue
         * @description Starts a task that moves messages of a dead-letter queue back to the queues they came from, or to one other queue. It moves as many messages as the queue holds now, those that can be received; leased ones follow if their lease ends while the task runs. A moved message is a new one: it has a new id, its retention starts again, and it was never received. One task a queue at a time.
         */
        post: operations["startMoveTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/move-tasks/{moveTaskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a move task
         * @description Answers how far a task is, or how it ended.
         */
        get: operations["getMoveTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/move-tasks/{moveTaskId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a move task
         * @description Ends a running task. What it has moved stays moved; after the answer it moves nothing more.
         */
        post: operations["cancelMoveTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List access keys
         * @description Answers every key of the account, oldest first, disabled and expired ones too. No secret is among it.
         */
        get: operations["listAccessKeys"];
        put?: never;
        /**
         * Create an access key
         * @description Makes a key for the account of the caller. The answer is the only one that ever shows the secret. `admin` may do everything, `producer` sends, `consumer` receives and settles, `reader` looks at queues and their counts.
         */
        post: operations["createAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable an access key
         * @description Refuses the key from now on, on every node at most five seconds later. Doing it again changes nothing.
         */
        post: operations["disableAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-keys/{accessKeyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate an access key
         * @description Makes a successor with the same role and pattern, and shows its secret this once. The old key works for `overlapSeconds` more, so that its users can change over one after the other.
         */
        post: operations["rotateAccessKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say who is asking
         * @description Answers whose key this is and what it may do, so that a program can show what is possible.
         */
        get: operations["whoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the numbers of queues
         * @description Answers depth, age and rates of the queues in the byte order of their names, one page at a time. The numbers are kept and some seconds old; `countMessages` counts anew.
         */
        get: operations["listQueueStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the numbers of a queue
         * @description Answers depth, age and rates of a queue. They are kept and some seconds old; `countMessages` counts anew.
         */
        get: operations["getQueueStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queues/{queue}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the recent past of a queue
         * @description Answers depth, age and rates of a queue over time, in steps of ten seconds for up to a quarter of an hour and of a minute for more. The server remembers about three hours, and nothing from before it was started.
         */
        get: operations["getQueueHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Examine the service and its database
         * @description Says what is wrong and what to do about it, by the statistics of Postgres, the numbers of the queues and what this node knows about itself. It reads no message and changes nothing, takes a few seconds at most and costs little: whoever asks while somebody else does, or within five seconds, is shown what was read for them. A check that could not look is `skipped` and says why; a database that does not answer is a finding. A key with a pattern of queue names is told about those queues alone.
         */
        get: operations["runDoctor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** AccessKey */
        AccessKey: {
            /** @description Twenty characters; the access key id of AWS clients. */
            id: string;
            role: components["schemas"]["AccessKeyRole"];
            /** @description Which queue names the key reaches; `*` stands for any characters. */
            queuePattern: string;
            /** @description A text for people. */
            description: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description From then on the key is refused.
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description When it was disabled.
             */
            disabledAt?: string;
            /**
             * Format: date-time
             * @description When it was last used, within a minute; absent when it never was.
             */
            lastUsedAt?: string;
        };
        /** AccessKeyList */
        AccessKeyList: {
            /** @description The keys, oldest first. */
            accessKeys: components["schemas"]["AccessKey"][];
        };
        /** AccessKeyRequest */
        AccessKeyRequest: {
            role: components["schemas"]["AccessKeyRole"];
            /** @description Which queue names the key reaches; `*`, all, when absent. */
            queuePattern?: string;
            /** @description A text for people, up to 256 characters. */
            description?: string;
        };
        /**
         * AccessKeyRole
         * @description What the key is for. More roles may come.
         * @enum {string}
         */
        AccessKeyRole: "admin" | "producer" | "consumer" | "inspector" | "reader";
        /** AccessKeyRotation */
        AccessKeyRotation: {
            /**
             * Format: double
             * @description How long the old key still works, up to 2,592,000 (thirty days).
             */
            overlapSeconds: number;
        };
        /**
         * Authentication
         * @description `off`: nobody needs a key and everybody may do everything.
         * @enum {string}
         */
        Authentication: "on" | "off";
        /**
         * Check
         * @description What became of one check.
         */
        Check: {
            /** @description Names the check. Stable. */
            id: string;
            /** @description What is so when nothing is wrong. */
            title: string;
            outcome: components["schemas"]["CheckOutcome"];
            /** @description Why it was skipped, or what it could not see. */
            reason?: string;
        };
        /**
         * CheckOutcome
         * @description `found`: at least one finding has its id; `skipped`: it could not look.
         * @enum {string}
         */
        CheckOutcome: "passed" | "found" | "skipped";
        /**
         * DeadLetterSettings
         * @description Where messages go that were received in vain: a queue of the same kind, which may be gone at times.
         */
        DeadLetterSettings: {
            /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
            queueName: string;
            /** @description How often a message is delivered at most. The receive after that moves it. */
            receiveCountMax: number;
        };
        /**
         * DeduplicationScope
         * @description Where a deduplication id is taken: in the whole queue, or in each message group by itself. `queue` for a new queue.
         * @enum {string}
         */
        DeduplicationScope: "queue" | "messageGroup";
        /**
         * DoctorReport
         * @description The result of one examination.
         */
        DoctorReport: {
            /**
             * Format: date-time
             * @description When it was looked at.
             */
            checkedAt: string;
            /** @description The gravest first; empty when nothing is wrong. */
            findings: components["schemas"]["Finding"][];
            /** @description Every check there is, in a fixed order. */
            checks: components["schemas"]["Check"][];
        };
        /**
         * EntryError
         * @description Why one entry of a request with many had no effect.
         */
        EntryError: {
            code: components["schemas"]["ProblemCode"];
            /** @description What is wrong with this entry. */
            detail: string;
            /** @description The member of the entry that the problem is about. */
            field?: string;
        };
        /**
         * FifoSettings
         * @description How a FIFO queue behaves besides. Queues of kind `standard` have no such settings.
         */
        FifoSettings: {
            /** @description Whether a message without a `deduplicationId` gets the SHA-256 of its body as one. `false` for a new queue. */
            contentBasedDeduplication: boolean;
            deduplicationScope: components["schemas"]["DeduplicationScope"];
            throughputLimit: components["schemas"]["ThroughputLimit"];
        };
        /**
         * FifoSettingsChange
         * @description Settings to be given to a FIFO queue.
         */
        FifoSettingsChange: {
            /** @description Whether a message without a `deduplicationId` gets the SHA-256 of its body as one. `false` for a new queue. */
            contentBasedDeduplication?: boolean;
            deduplicationScope?: components["schemas"]["DeduplicationScope"];
            throughputLimit?: components["schemas"]["ThroughputLimit"];
        };
        /**
         * Finding
         * @description One thing that is wrong, in plain sentences.
         */
        Finding: {
            /** @description The check that found it. Stable. */
            id: string;
            severity: components["schemas"]["FindingSeverity"];
            /** @description What it is about, such as a session, a table, a setting or a queue. */
            subject: string;
            /** @description What is wrong, with numbers and names. */
            summary: string;
            /** @description What to do, with the command. */
            advice: string;
            /** @description The page that says more, as a path in the repository of Stanchion. */
            runbook?: string;
            /** @description The queue that it is about, if it is one. */
            queue?: string;
        };
        /**
         * FindingSeverity
         * @description `critical`: messages are at risk or stuck; `warning`: something will go wrong or is slow; `note`: good to know.
         * @enum {string}
         */
        FindingSeverity: "critical" | "warning" | "note";
        /**
         * HandleResult
         * @description What became of one receipt handle: an empty object when it worked.
         */
        HandleResult: {
            error?: components["schemas"]["EntryError"];
        };
        /** HandleResults */
        HandleResults: {
            /** @description One for each handle, in the order given. */
            results: components["schemas"]["HandleResult"][];
        };
        /** LeaseExtension */
        LeaseExtension: {
            /** @description How long the message stays leased, counted from now; 0 releases it. */
            visibilityTimeoutSeconds: number;
        };
        /** LeaseExtensions */
        LeaseExtensions: {
            /** @description The deliveries, each with its new timeout. */
            leases: components["schemas"]["VisibilityChange"][];
        };
        /**
         * Message
         * @description A message as it is received.
         */
        Message: {
            /** @description The id that the send answered. */
            messageId: string;
            /** @description Names this delivery: with it the message is deleted, extended or released. */
            receiptHandle: string;
            /** @description The text of the message, kept byte for byte. */
            body: string;
            attributes: components["schemas"]["MessageAttributes"];
            /** @description An opaque tracing header; it does not count into the size of the message. Absent, and without an attribute `traceparent`: the trace of the request that sends the message, from its header `traceparent` or `X-Amzn-Trace-Id`, in the form of the latter. */
            traceHeader?: string;
            /** @description The group that the message was sent with. */
            groupId?: string;
            /** @description On FIFO queues: the id as it was sent, or the SHA-256 of the body. */
            deduplicationId?: string;
            /** @description On FIFO queues: the place of the message in the queue, 20 digits. Later messages have greater ones. */
            sequenceNumber?: string;
            /**
             * Format: int64
             * @description How often the message was delivered, this time included.
             */
            receiveCount: number;
            /** @description The queue that the message was a dead letter of, when it was moved here. */
            deadLetterSource?: string;
            /**
             * Format: date-time
             * @description When the message was sent.
             */
            sentAt: string;
            /**
             * Format: date-time
             * @description When the message was delivered for the first time.
             */
            firstReceivedAt: string;
        };
        /**
         * MessageAttribute
         * @description A value that travels beside the body.
         */
        MessageAttribute: {
            type: components["schemas"]["MessageAttributeType"];
            /** @description A free word that says more about the type, such as `int`. */
            label?: string;
            /** @description The value as text; of type `binary` as base64. */
            value: string;
        };
        /**
         * MessageAttributeType
         * @description What the value is.
         * @enum {string}
         */
        MessageAttributeType: "string" | "number" | "binary";
        /**
         * MessageAttributes
         * @description Values that travel beside the body, by name; up to 10.
         */
        MessageAttributes: {
            [key: string]: components["schemas"]["MessageAttribute"];
        };
        /**
         * MessageState
         * @description Whether the message can be received, is leased, or its delay is not over.
         * @enum {string}
         */
        MessageState: "ready" | "leased" | "delayed";
        /**
         * MoveTask
         * @description A task that moves the messages of a dead-letter queue.
         */
        MoveTask: {
            /** @description Names the task. */
            id: string;
            /** @description The dead-letter queue whose messages the task moves. */
            source: string;
            /** @description The queue of the same kind that gets all messages. Absent: each message goes to the queue it came from. */
            destination?: string;
            /** @description How many messages a second to move at most. Absent: as many as go. */
            messagesPerSecondMax?: number;
            status: components["schemas"]["MoveTaskStatus"];
            failure?: components["schemas"]["MoveTaskFailure"];
            /**
             * Format: int64
             * @description Messages that were moved so far.
             */
            messagesMoved: number;
            /**
             * Format: int64
             * @description Messages that could be received when the task started.
             */
            messagesToMove: number;
            /**
             * Format: date-time
             * @description When the task was started.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description When the task ended.
             */
            endedAt?: string;
        };
        /**
         * MoveTaskFailure
         * @description Why the task failed: the queue that a message should go to does not exist; where a message came from is not known, and no destination was given; or the task ran for 36 hours. More reasons may come.
         * @enum {string}
         */
        MoveTaskFailure: "destinationNotFound" | "sourceUnknown" | "timedOut";
        /**
         * MoveTaskStatus
         * @description Whether the task is still moving messages, and how it ended.
         * @enum {string}
         */
        MoveTaskStatus: "running" | "completed" | "cancelled" | "failed";
        /** MoveTasks */
        MoveTasks: {
            /** @description The newest first. */
            moveTasks: components["schemas"]["MoveTask"][];
        };
        /** NewAccessKey */
        NewAccessKey: {
            /** @description Twenty characters; the access key id of AWS clients. */
            id: string;
            role: components["schemas"]["AccessKeyRole"];
            /** @description Which queue names the key reaches; `*` stands for any characters. */
            queuePattern: string;
            /** @description A text for people. */
            description: string;
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description From then on the key is refused.
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description When it was disabled.
             */
            disabledAt?: string;
            /**
             * Format: date-time
             * @description When it was last used, within a minute; absent when it never was.
             */
            lastUsedAt?: string;
            /** @description Shown this once. With the id before a dot it is the bearer token. */
            secret: string;
        };
        /**
         * NewMessage
         * @description A message to be sent.
         */
        NewMessage: {
            /** @description The text of the message, kept byte for byte. */
            body: string;
            /** @description How long nobody receives the message. Absent, and 0 on FIFO queues: the delay of the queue; more is refused there. */
            delaySeconds?: number;
            attributes?: components["schemas"]["MessageAttributes"];
            /** @description An opaque tracing header; it does not count into the size of the message. Absent, and without an attribute `traceparent`: the trace of the request that sends the message, from its header `traceparent` or `X-Amzn-Trace-Id`, in the form of the latter. */
            traceHeader?: string;
            /** @description On FIFO queues, where it is required: messages of one group keep their order. On standard queues: whose message it is; a group with a large backlog does not make the others wait. */
            groupId?: string;
            /** @description On FIFO queues alone: for five minutes no other message with this id is stored. Required there, unless `contentBasedDeduplication` is on. */
            deduplicationId?: string;
        };
        /** NewMessages */
        NewMessages: {
            /** @description The messages, in order. */
            messages: components["schemas"]["NewMessage"][];
        };
        /** NewMoveTask */
        NewMoveTask: {
            /** @description The queue of the same kind that gets all messages. Absent: each message goes to the queue it came from. */
            destination?: string;
            /** @description How many messages a second to move at most. Absent: as many as go. */
            messagesPerSecondMax?: number;
        };
        /** NewQueue */
        NewQueue: {
            /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
            name: string;
            kind?: components["schemas"]["QueueKind"];
            settings?: components["schemas"]["QueueSettingsChange"];
            fifo?: components["schemas"]["FifoSettingsChange"];
            deadLetter?: components["schemas"]["DeadLetterSettings"];
            /** @description Which queues may use this one as their dead-letter queue: their names, `*` alone for all, as for a new queue, or an empty list for none. It is asked when one of them is given this one; what is there stays. */
            deadLetterSources?: string[];
            scaling?: components["schemas"]["ScalingPolicy"];
            tags?: components["schemas"]["Tags"];
        };
        /**
         * PeekedMessage
         * @description A message as it stands in its queue, looked at without receiving it.
         */
        PeekedMessage: {
            /** @description The id that the send answered. */
            messageId: string;
            state: components["schemas"]["MessageState"];
            /** @description The text of the message; in lists its first 4,096 characters. */
            body: string;
            /**
             * Format: int64
             * @description How large the whole body is.
             */
            bodyBytes: number;
            /** @description Whether the body is longer than what is shown of it. */
            isBodyCut: boolean;
            attributes: components["schemas"]["MessageAttributes"];
            /** @description An opaque tracing header; it does not count into the size of the message. Absent, and without an attribute `traceparent`: the trace of the request that sends the message, from its header `traceparent` or `X-Amzn-Trace-Id`, in the form of the latter. */
            traceHeader?: string;
            /** @description The group that the message was sent with. */
            groupId?: string;
            /** @description On FIFO queues: the id as it was sent, or the SHA-256 of the body. */
            deduplicationId?: string;
            /** @description On FIFO queues: the place of the message in the queue, 20 digits. Later messages have greater ones. */
            sequenceNumber?: string;
            /**
             * Format: int64
             * @description How often the message was delivered.
             */
            receiveCount: number;
            /**
             * Format: date-time
             * @description When the message was sent.
             */
            sentAt: string;
            /**
             * Format: date-time
             * @description When the message was delivered for the first time.
             */
            firstReceivedAt?: string;
            /**
             * Format: date-time
             * @description When a leased or delayed message can be received.
             */
            visibleAt?: string;
            /** @description The queue that the message was a dead letter of, when it was moved here. */
            deadLetterSource?: string;
        };
        /**
         * PeekedMessages
         * @description Messages that were looked at, one page of them.
         */
        PeekedMessages: {
            /** @description Those that came back first, then those that nobody has had; of a FIFO queue group by group. */
            messages: components["schemas"]["PeekedMessage"][];
            /** @description Where the next page begins. Opaque. */
            nextCursor?: string;
        };
        /**
         * Problem
         * @description What went wrong (RFC 9457).
         */
        Problem: {
            /** @description Identifies the kind of problem; stable. */
            type: string;
            /** @description The kind of problem in words; the same for every occurrence. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            code: components["schemas"]["ProblemCode"];
            /** @description What is wrong with this request, for people. */
            detail: string;
            /** @description The member or parameter that the problem is about. */
            field?: string;
            /** @description Names this request in the log of the server. */
            requestId: string;
        };
        /**
         * ProblemCode
         * @description The kind of a problem in one word, for programs; stable. More kinds may come.
         * @enum {string}
         */
        ProblemCode: "queueNotFound" | "queueDeletedRecently" | "queuePurgedRecently" | "tooManyInFlight" | "queueExists" | "invalidQueueName" | "invalidArgument" | "deadLetterQueueNotFound" | "deadLetterQueueKindDiffers" | "deadLetterQueueForbidden" | "notDeadLetterQueue" | "destinationNotFound" | "destinationIsSource" | "destinationKindDiffers" | "moveTaskRunning" | "tooManyMoveTasks" | "moveTaskNotFound" | "moveTaskEnded" | "messageNotFound" | "messageEmpty" | "invalidCharacters" | "messageTooLarge" | "invalidReceiptHandle" | "messageNotLeased" | "handleExpired" | "visibilityTimeoutTooLong" | "unavailable" | "outcomeUnknown" | "deadlineExceeded" | "overloaded" | "invalidRequest" | "routeNotFound" | "methodNotAllowed" | "requestTimeout" | "requestTooLarge" | "unsupportedMediaType" | "expectationFailed" | "headersTooLarge" | "foreignOrigin" | "hostNotAllowed" | "unauthenticated" | "forbidden" | "identityUnavailable" | "accessKeyNotFound" | "invalidAccessKey" | "accessKeysOff" | "internalError";
        /**
         * Queue
         * @description A queue.
         */
        Queue: {
            /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
            name: string;
            kind: components["schemas"]["QueueKind"];
            settings: components["schemas"]["QueueSettings"];
            fifo?: components["schemas"]["FifoSettings"];
            deadLetter?: components["schemas"]["DeadLetterSettings"];
            /** @description Which queues may use this one as their dead-letter queue: their names, `*` alone for all, as for a new queue, or an empty list for none. It is asked when one of them is given this one; what is there stays. */
            deadLetterSources: string[];
            scaling?: components["schemas"]["ScalingPolicy"];
            tags: components["schemas"]["Tags"];
            /**
             * Format: date-time
             * @description When the queue was created.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When settings or tags were last changed.
             */
            modifiedAt: string;
        };
        /** QueueChange */
        QueueChange: {
            settings?: components["schemas"]["QueueSettingsChange"];
            fifo?: components["schemas"]["FifoSettingsChange"];
            /** @description `null`: from now on messages stay, however often they are received. */
            deadLetter?: components["schemas"]["DeadLetterSettings"] | null;
            /** @description Which queues may use this one as their dead-letter queue: their names, `*` alone for all, as for a new queue, or an empty list for none. It is asked when one of them is given this one; what is there stays. */
            deadLetterSources?: string[];
            /** @description The whole policy. `null`: from now on the default one holds. */
            scaling?: components["schemas"]["ScalingPolicy"] | null;
            tags?: components["schemas"]["Tags"];
        };
        /** QueueCounts */
        QueueCounts: {
            /**
             * Format: int64
             * @description Messages that can be received now.
             */
            visible: number;
            /**
             * Format: int64
             * @description Messages that are leased.
             */
            inFlight: number;
            /**
             * Format: int64
             * @description Messages whose delay is not over.
             */
            delayed: number;
            /** @description Seconds since the oldest stored message was sent; `null` when the queue is empty. */
            oldestMessageAgeSeconds: number | null;
        };
        /**
         * QueueHistory
         * @description The recent past of a queue, in even steps.
         */
        QueueHistory: {
            /**
             * Format: int64
             * @description How long a step is.
             */
            stepSeconds: number;
            /** @description The oldest first; none from before the server began. */
            samples: components["schemas"]["QueueSample"][];
        };
        /**
         * QueueKind
         * @description A `fifo` queue keeps the order of each message group and stores a message once within five minutes; its name ends in `.fifo`. The kind never changes.
         * @enum {string}
         */
        QueueKind: "standard" | "fifo";
        /** QueuePage */
        QueuePage: {
            /** @description In the byte order of their names. */
            queues: components["schemas"]["Queue"][];
            /** @description Where the next page begins. Opaque. */
            nextCursor?: string;
        };
        /**
         * QueueSample
         * @description A queue in one step of time.
         */
        QueueSample: {
            /**
             * Format: date-time
             * @description When the step began.
             */
            at: string;
            /**
             * Format: int64
             * @description Messages that can be received.
             */
            visible: number;
            /**
             * Format: int64
             * @description Messages that are leased.
             */
            inFlight: number;
            /**
             * Format: int64
             * @description Messages whose delay is not over.
             */
            delayed: number;
            /** @description Seconds since the oldest stored message was sent; `null` when the queue is empty. */
            oldestMessageAgeSeconds: number | null;
            /**
             * Format: double
             * @description Messages stored in a second.
             */
            sentPerSecond: number;
            /**
             * Format: double
             * @description Deliveries in a second; one that is repeated counts again.
             */
            receivedPerSecond: number;
            /**
             * Format: double
             * @description Messages that clients deleted in a second.
             */
            deletedPerSecond: number;
            /**
             * Format: double
             * @description Messages that outlived the retention, in a second.
             */
            expiredPerSecond: number;
            /**
             * Format: double
             * @description Messages that went to the dead-letter queue in a second.
             */
            deadLetteredPerSecond: number;
        };
        /**
         * QueueScaling
         * @description How much work a queue holds, and how many consumers that asks for.
         */
        QueueScaling: {
            /**
             * Format: int64
             * @description Messages that can be received now or are leased, counted exactly. Delayed ones ask for nobody yet.
             */
            outstandingMessages: number;
            /** @description Seconds since the oldest stored message was sent; `null` when the queue is empty. */
            oldestMessageAgeSeconds: number | null;
            /**
             * Format: double
             * @description Messages sent, about the last minute.
             */
            arrivalsPerSecond: number;
            /**
             * Format: double
             * @description Messages deleted by clients, about the last minute.
             */
            completionsPerSecond: number;
            /** @description How long until nothing is outstanding if it goes on like this; `null` when it never would be. */
            drainSeconds: number | null;
            /**
             * Format: int64
             * @description How many consumers there should be.
             */
            desiredConsumers: number;
            /** @description Why, in words. */
            reason: string;
            policy: components["schemas"]["ScalingPolicy"];
        };
        /**
         * QueueSettings
         * @description How a queue behaves.
         */
        QueueSettings: {
            /** @description How long a received message stays leased when the receive does not say. 30 for a new queue. */
            visibilityTimeoutSeconds: number;
            /** @description How long a sent message stays delayed when the send does not say. 0 for a new queue. */
            delaySeconds: number;
            /** @description How long a message is kept when nobody deletes it. 345600 for a new queue. */
            retentionSeconds: number;
            /** @description How long a receive waits for a message when it does not say. 0 for a new queue. */
            receiveWaitSeconds: number;
            /** @description How large a message may be, body and attributes together. 1048576 for a new queue. */
            messageBytesMax: number;
        };
        /**
         * QueueSettingsChange
         * @description Settings to be given to a queue.
         */
        QueueSettingsChange: {
            /** @description How long a received message stays leased when the receive does not say. 30 for a new queue. */
            visibilityTimeoutSeconds?: number;
            /** @description How long a sent message stays delayed when the send does not say. 0 for a new queue. */
            delaySeconds?: number;
            /** @description How long a message is kept when nobody deletes it. 345600 for a new queue. */
            retentionSeconds?: number;
            /** @description How long a receive waits for a message when it does not say. 0 for a new queue. */
            receiveWaitSeconds?: number;
            /** @description How large a message may be, body and attributes together. 1048576 for a new queue. */
            messageBytesMax?: number;
        };
        /**
         * QueueStatistics
         * @description Numbers of a queue that are kept rather than counted, so they cost nothing to read and are some seconds old; rates are those of about the last minute.
         */
        QueueStatistics: {
            /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
            name: string;
            kind: components["schemas"]["QueueKind"];
            /**
             * Format: int64
             * @description Messages that can be received.
             */
            visible: number;
            /**
             * Format: int64
             * @description Messages that are leased.
             */
            inFlight: number;
            /**
             * Format: int64
             * @description Messages whose delay is not over.
             */
            delayed: number;
            /** @description Seconds since the oldest stored message was sent; `null` when the queue is empty. */
            oldestMessageAgeSeconds: number | null;
            /**
             * Format: date-time
             * @description When the depths were true; absent while a queue is new.
             */
            measuredAt?: string;
            /**
             * Format: double
             * @description Messages stored in a second.
             */
            sentPerSecond: number;
            /**
             * Format: double
             * @description Deliveries in a second; one that is repeated counts again.
             */
            receivedPerSecond: number;
            /**
             * Format: double
             * @description Messages that clients deleted in a second.
             */
            deletedPerSecond: number;
            /**
             * Format: double
             * @description Messages that outlived the retention, in a second.
             */
            expiredPerSecond: number;
            /**
             * Format: double
             * @description Messages that went to the dead-letter queue in a second.
             */
            deadLetteredPerSecond: number;
            totals: components["schemas"]["QueueTotals"];
            /** @description Messages that could be received, one number a minute for up to half an hour, the oldest first. */
            recentVisible: number[];
            /**
             * Format: int64
             * @description How long a message is kept when nobody deletes it.
             */
            retentionSeconds: number;
            /** @description The queue that takes its dead letters. */
            deadLetterQueue?: string;
            /** @description The queues whose dead letters it takes. */
            deadLetterSources: string[];
            tags: components["schemas"]["Tags"];
        };
        /**
         * QueueStatisticsPage
         * @description Numbers of queues, one page of them.
         */
        QueueStatisticsPage: {
            /** @description In the byte order of their names. */
            queues: components["schemas"]["QueueStatistics"][];
            /** @description Where the next page begins. Opaque. */
            nextCursor?: string;
        };
        /**
         * QueueTotals
         * @description What was done to the queue since it was created, on all servers.
         */
        QueueTotals: {
            /**
             * Format: int64
             * @description Messages stored.
             */
            sent: number;
            /**
             * Format: int64
             * @description Deliveries.
             */
            received: number;
            /**
             * Format: int64
             * @description Messages that clients deleted.
             */
            deleted: number;
            /**
             * Format: int64
             * @description Messages that outlived the retention of the queue.
             */
            expired: number;
            /**
             * Format: int64
             * @description Messages that went to the dead-letter queue.
             */
            deadLettered: number;
            /**
             * Format: int64
             * @description Messages that move tasks took out of the queue.
             */
            moved: number;
            /**
             * Format: int64
             * @description Receives that were answered without a message.
             */
            emptyReceives: number;
            /**
             * Format: int64
             * @description Deliveries of messages that had been delivered before.
             */
            redelivered: number;
            /**
             * Format: int64
             * @description Leases that were given back.
             */
            released: number;
            /**
             * Format: int64
             * @description Leases that ended by themselves; noticed when the message is delivered again or moved.
             */
            leasesExpired: number;
            /**
             * Format: int64
             * @description Sends that a FIFO queue recognised as repetitions.
             */
            duplicatesRefused: number;
        };
        /** ReceiptHandles */
        ReceiptHandles: {
            /** @description The deliveries. */
            receiptHandles: string[];
        };
        /** ReceiveRequest */
        ReceiveRequest: {
            /** @description How many messages to answer at most; 1 when absent. */
            maxMessages?: number;
            /** @description How long the messages stay leased. Absent: the visibility timeout of the queue. */
            visibilityTimeoutSeconds?: number;
            /** @description How long to wait for a first message. Absent: the wait of the queue. */
            waitSeconds?: number;
            /** @description On FIFO queues alone: names this receive, so that it can be made again when its answer was lost. Within five minutes the same id answers the same messages with the same receipt handles, uncounted and leased anew, as long as none of them was deleted, extended or released and no lease is over; otherwise it is a receive of its own. */
            attemptId?: string;
        };
        /** ReceivedMessages */
        ReceivedMessages: {
            /** @description As they were leased. */
            messages: components["schemas"]["Message"][];
        };
        /**
         * ScalingPolicy
         * @description How many consumers a queue asks for: either by `steps` or by `targetDrainSeconds`.
         */
        ScalingPolicy: {
            /** @description By depth: in ascending order. */
            steps?: components["schemas"]["ScalingStep"][];
            /** @description Instead of steps: as many consumers as complete everything outstanding in this time, and what arrives meanwhile. */
            targetDrainSeconds?: number;
            /**
             * Format: double
             * @description What one consumer completes, for `targetDrainSeconds`; more than 0. Absent: it is measured while there is enough to do.
             */
            consumerCompletionsPerSecond?: number;
            /** @description Never fewer. Absent: what the first step says, or 1. */
            consumersMin?: number;
            /** @description Never more. Absent: what the last step says, or 10. */
            consumersMax?: number;
            /** @description A number gives way to a smaller one so long after the last change at the earliest. Absent: 0 with steps, else 60. */
            scaleInCooldownSeconds?: number;
            /** @description The same for a larger one. Absent: 0. */
            scaleOutCooldownSeconds?: number;
        };
        /**
         * ScalingStep
         * @description A number of consumers for a range of outstanding messages.
         */
        ScalingStep: {
            /** @description The step is entered at this many outstanding messages. The first step begins at 0, each other one above the one before it. */
            fromMessages: number;
            /** @description It is left for the step before it below this many: no more than `fromMessages`, and more than that of the step before. Absent: below `fromMessages`. The first step has none. */
            backBelowMessages?: number;
            /** @description How many consumers there should be then; more than in the step before it. */
            consumers: number;
        };
        /**
         * SendResult
         * @description What became of one message: it has either `messageId` or `error`.
         */
        SendResult: {
            /** @description The id of the message, when it is stored. */
            messageId?: string;
            /** @description On FIFO queues: the place of the message in the queue, 20 digits. Later messages have greater ones. */
            sequenceNumber?: string;
            /** @description On FIFO queues: whether nothing was stored, because a message with the same deduplication id was within five minutes. The ids are those of that message then. */
            isDuplicate?: boolean;
            error?: components["schemas"]["EntryError"];
        };
        /** SendResults */
        SendResults: {
            /** @description One for each message, in the order given. */
            results: components["schemas"]["SendResult"][];
        };
        /** SentMessage */
        SentMessage: {
            /** @description The id of the message. */
            messageId: string;
            /** @description On FIFO queues: the place of the message in the queue, 20 digits. Later messages have greater ones. */
            sequenceNumber?: string;
            /** @description On FIFO queues: whether nothing was stored, because a message with the same deduplication id was within five minutes. The ids are those of that message then. */
            isDuplicate?: boolean;
        };
        /**
         * Tags
         * @description Free labels, up to 50; keys have up to 128 characters.
         */
        Tags: {
            [key: string]: string;
        };
        /**
         * ThroughputLimit
         * @description Kept for clients of Amazon SQS, whose setting it is; no queue is limited. `perMessageGroupId` needs the scope `messageGroup`. `perQueue` for a new queue.
         * @enum {string}
         */
        ThroughputLimit: "perQueue" | "perMessageGroupId";
        /** VisibilityChange */
        VisibilityChange: {
            /** @description The receipt handle of a delivery. */
            receiptHandle: string;
            /** @description How long the message stays leased, counted from now; 0 releases it. */
            visibilityTimeoutSeconds: number;
        };
        /**
         * Whoami
         * @description Who is asking, and what they may do.
         */
        Whoami: {
            /** @description Whose queues the caller works with: twelve digits. */
            accountId: string;
            /** @description The key of the caller; `null` where nobody needs one. */
            accessKeyId: string | null;
            /** @description What the key is for; `null` where nobody needs one. */
            role: string | null;
            /** @description Which queue names the key reaches; `*` stands for any characters. */
            queuePattern: string;
            /** @description What the caller may do with the queues that the pattern names. `list` and `manageKeys` need the pattern `*` besides, and the policy of a queue may allow more or less. */
            permissions: string[];
            authentication: components["schemas"]["Authentication"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listQueues: {
        parameters: {
            query?: {
                /** @description Only queues whose name begins with this. */
                prefix?: string;
                /** @description How many queues to answer at most; 100 when absent. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of queues. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePage"];
                };
            };
        };
    };
    createQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewQueue"];
            };
        };
        responses: {
            /** @description The queue existed with these values. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description The queue was created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    deleteQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The queue is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    updateQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueChange"];
            };
        };
        responses: {
            /** @description The queue as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    purgeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages are gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    countMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueCounts"];
                };
            };
        };
    };
    getScaling: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The work and the consumers it asks for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueScaling"];
                };
            };
        };
    };
    listDeadLetterSources: {
        parameters: {
            query?: {
                /** @description How many queues to answer at most; 100 when absent. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of queues. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuePage"];
                };
            };
        };
    };
    peekMessages: {
        parameters: {
            query: {
                /** @description Whether the message can be received, is leased, or its delay is not over. */
                state: components["schemas"]["MessageState"];
                /** @description How many messages to answer at most; 20 when absent. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeekedMessages"];
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        /** @description A message to be sent. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description On a FIFO queue: nothing was stored, a message with this deduplication id was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentMessage"];
                };
            };
            /** @description The message is stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentMessage"];
                };
            };
        };
    };
    sendMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messages": [
                 *         {
                 *           "body": "one"
                 *         },
                 *         {
                 *           "body": "two",
                 *           "delaySeconds": 60
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewMessages"];
            };
        };
        responses: {
            /** @description What became of each message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendResults"];
                };
            };
        };
    };
    receiveMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveRequest"];
            };
        };
        responses: {
            /** @description The messages; none when none became available in time. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedMessages"];
                };
            };
        };
    };
    peekMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
                /** @description The id that the send answered. */
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeekedMessage"];
                };
            };
        };
    };
    deleteMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
                /** @description The receipt handle of a delivery. */
                receiptHandle: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The handle no longer holds a message. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    extendLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
                /** @description The receipt handle of a delivery. */
                receiptHandle: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "visibilityTimeoutSeconds": 120
                 *     }
                 */
                "application/json": components["schemas"]["LeaseExtension"];
            };
        };
        responses: {
            /** @description The message stays leased for that long. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    releaseLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
                /** @description The receipt handle of a delivery. */
                receiptHandle: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message can be received again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    deleteMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "receiptHandles": [
                 *         "AQEBzWwaftRI0KuVm4tP",
                 *         "AQEBJxHv1kKdzZAR4bVx"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ReceiptHandles"];
            };
        };
        responses: {
            /** @description What became of each handle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandleResults"];
                };
            };
        };
    };
    extendLeases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "leases": [
                 *         {
                 *           "receiptHandle": "AQEBzWwaftRI0KuVm4tP",
                 *           "visibilityTimeoutSeconds": 120
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["LeaseExtensions"];
            };
        };
        responses: {
            /** @description What became of each handle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandleResults"];
                };
            };
        };
    };
    releaseLeases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "receiptHandles": [
                 *         "AQEBzWwaftRI0KuVm4tP",
                 *         "AQEBJxHv1kKdzZAR4bVx"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ReceiptHandles"];
            };
        };
        responses: {
            /** @description What became of each handle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandleResults"];
                };
            };
        };
    };
    listMoveTasks: {
        parameters: {
            query?: {
                /** @description How many tasks to answer at most; 10 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveTasks"];
                };
            };
        };
    };
    startMoveTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messagesPerSecondMax": 50
                 *     }
                 */
                "application/json": components["schemas"]["NewMoveTask"];
            };
        };
        responses: {
            /** @description The task was started. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveTask"];
                };
            };
        };
    };
    getMoveTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
                /** @description The `id` of the task. */
                moveTaskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveTask"];
                };
            };
        };
    };
    cancelMoveTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
                /** @description The `id` of the task. */
                moveTaskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task was cancelled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MoveTask"];
                };
            };
        };
    };
    listAccessKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessKeyList"];
                };
            };
        };
    };
    createAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "producer",
                 *       "queuePattern": "orders-*",
                 *       "description": "the shop"
                 *     }
                 */
                "application/json": components["schemas"]["AccessKeyRequest"];
            };
        };
        responses: {
            /** @description The key was created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAccessKey"];
                };
            };
        };
    };
    disableAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the key. */
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is disabled. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessKey"];
                };
            };
        };
    };
    rotateAccessKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the key. */
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 86400
                 *     }
                 */
                "application/json": components["schemas"]["AccessKeyRotation"];
            };
        };
        responses: {
            /** @description The successor. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAccessKey"];
                };
            };
        };
    };
    whoami: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is asking. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whoami"];
                };
            };
        };
    };
    listQueueStatistics: {
        parameters: {
            query?: {
                /** @description Only queues whose name begins with this. */
                prefix?: string;
                /** @description How many queues to answer at most; 100 when absent. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of numbers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueStatisticsPage"];
                };
            };
        };
    };
    getQueueStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueStatistics"];
                };
            };
        };
    };
    getQueueHistory: {
        parameters: {
            query?: {
                /** @description How far back to look; 900 when absent. */
                rangeSeconds?: number;
            };
            header?: never;
            path: {
                /** @description The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`. */
                queue: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The samples. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueHistory"];
                };
            };
        };
    };
    runDoctor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found, and what was looked at. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DoctorReport"];
                };
            };
        };
    };
}

/** The method and the address of every operation. */
export const OPERATIONS = {
  createQueue: ['POST', '/v1/queues'],
  listQueues: ['GET', '/v1/queues'],
  getQueue: ['GET', '/v1/queues/{queue}'],
  updateQueue: ['PATCH', '/v1/queues/{queue}'],
  deleteQueue: ['DELETE', '/v1/queues/{queue}'],
  purgeQueue: ['POST', '/v1/queues/{queue}/purge'],
  countMessages: ['GET', '/v1/queues/{queue}/counts'],
  getScaling: ['GET', '/v1/queues/{queue}/scaling'],
  listDeadLetterSources: ['GET', '/v1/queues/{queue}/dead-letter-sources'],
  sendMessage: ['POST', '/v1/queues/{queue}/messages'],
  peekMessages: ['GET', '/v1/queues/{queue}/messages'],
  sendMessages: ['POST', '/v1/queues/{queue}/messages/batch'],
  receiveMessages: ['POST', '/v1/queues/{queue}/receive'],
  peekMessage: ['GET', '/v1/queues/{queue}/messages/{messageId}'],
  deleteMessage: ['DELETE', '/v1/queues/{queue}/leases/{receiptHandle}'],
  extendLease: ['POST', '/v1/queues/{queue}/leases/{receiptHandle}/extend'],
  releaseLease: ['POST', '/v1/queues/{queue}/leases/{receiptHandle}/release'],
  deleteMessages: ['POST', '/v1/queues/{queue}/leases/delete'],
  extendLeases: ['POST', '/v1/queues/{queue}/leases/extend'],
  releaseLeases: ['POST', '/v1/queues/{queue}/leases/release'],
  startMoveTask: ['POST', '/v1/queues/{queue}/move-tasks'],
  listMoveTasks: ['GET', '/v1/queues/{queue}/move-tasks'],
  getMoveTask: ['GET', '/v1/queues/{queue}/move-tasks/{moveTaskId}'],
  cancelMoveTask: ['POST', '/v1/queues/{queue}/move-tasks/{moveTaskId}/cancel'],
  createAccessKey: ['POST', '/v1/access-keys'],
  listAccessKeys: ['GET', '/v1/access-keys'],
  disableAccessKey: ['POST', '/v1/access-keys/{accessKeyId}/disable'],
  rotateAccessKey: ['POST', '/v1/access-keys/{accessKeyId}/rotate'],
  whoami: ['GET', '/v1/whoami'],
  listQueueStatistics: ['GET', '/v1/statistics'],
  getQueueStatistics: ['GET', '/v1/queues/{queue}/statistics'],
  getQueueHistory: ['GET', '/v1/queues/{queue}/history'],
  runDoctor: ['GET', '/v1/doctor'],
} as const satisfies Record<keyof operations, readonly [method: string, path: keyof paths]>;
