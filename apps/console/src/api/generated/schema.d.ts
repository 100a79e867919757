export interface paths {
    "/api/v1/endpoints/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a test message to an endpoint that is not stored
         * @description Nothing is stored. With the `id` of a stored endpoint, masks stand for its secrets, as long as the destination is the same; this needs the right to change it.
         */
        post: operations["testUnsavedEndpointTests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a test message to an endpoint */
        post: operations["testEndpointTests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copies an endpoint under another name
         * @description All settings are copied, secrets included. The copy is linked to the given policies and to no others.
         */
        post: operations["cloneEndpoints"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists endpoints */
        get: operations["listEndpoints"];
        put?: never;
        /** Creates an endpoint */
        post: operations["createEndpoints"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows an endpoint */
        get: operations["getEndpoints"];
        put?: never;
        post?: never;
        /**
         * Deletes an endpoint
         * @description What waits for it is cancelled. Where policies link to it, 409 names their keys, and where it is the fallback of other endpoints, those, unless it is forced; forced, they have no fallback any more.
         */
        delete: operations["removeEndpoints"];
        options?: never;
        head?: never;
        /** Changes an endpoint */
        patch: operations["patchEndpoints"];
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists policies */
        get: operations["listPolicies"];
        put?: never;
        /** Creates a policy */
        post: operations["createPolicies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a policy */
        get: operations["getPolicies"];
        put?: never;
        post?: never;
        /**
         * Deletes a policy
         * @description Recoveries of alerts that it has pushed are still pushed.
         */
        delete: operations["removePolicies"];
        options?: never;
        head?: never;
        /** Changes a policy */
        patch: operations["patchPolicies"];
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the channels with the schemas of their settings */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replays the deliveries that match all filters
         * @description A replay is a new delivery under the old id with `_r1`, `_r2` …; replays follow newer deliveries, at most 50 a second and target. Of a delivery and its replays the newest counts. Use `dryRun=true` first. A 503 in the middle has the counts so far; send the request again to continue.
         */
        post: operations["allReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replays an ended delivery, regardless of its result
         * @description A replay is a new delivery under the old id with `_r1`, `_r2` …; replays follow newer deliveries, at most 50 a second and target. A 409 has the reason and the remedy.
         */
        post: operations["oneReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels the waiting deliveries that match all filters
         * @description Deliveries in flight cannot be cancelled, and are skipped. Use `dryRun=true` first. Cancelled deliveries can be replayed.
         */
        post: operations["allCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels a waiting delivery
         * @description A 409 has the reason: the delivery has ended, or is in flight.
         */
        post: operations["oneCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches the delivery log, newest first; with status=waiting the mailboxes of an endpoint
         * @description Waiting deliveries are not in the log yet. Their pages have no order. A page may have fewer than `limit`, or none, and still a `nextCursor`, since few waiting deliveries may match the filters.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a delivery with every attempt */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the backlog of each target, since when and why, and the counts of the last minute, hour and day
         * @description Present numbers from Redis, without the database. Targets in trouble come first.
         */
        get: operations["statsStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unrouted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the last events that no policy took, newest first */
        get: operations["listUnrouted"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Liveness of the process */
        get: operations["healthHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Readiness to accept events */
        get: operations["readinessHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the text format of Prometheus, collected once a second at most */
        get: operations["metricsHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accepts alert events: one, an array, or NDJSON of any length
         * @description The answer is sent when all accepted events are safe. Valid events are accepted although others are rejected; 400 only if all are rejected. 429, 503 or a lost answer make no promise; sending the same ids again is safe.
         */
        post: operations["postIngest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in alerts of Alertmanager's webhook, version 4
         * @description Each alert's own status counts. Invalid alerts are listed in `rejected` and the others are taken in; 400 only if all alerts are invalid. Over a quota the answer is 503, since senders do not retry after 429.
         */
        post: operations["postAlertmanagerWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in CloudEvents 1.0 with an alert event as data: structured, batched, or binary with `ce-` headers
         * @description The event's id is made of the source and id of the CloudEvent, so that a CloudEvent that is sent again is a duplicate. Its time is `startsAt` if the data has none, or `endsAt` of a recovery.
         */
        post: operations["postCloudEvents"];
        delete?: never;
        /**
         * Grants the requesting origin permission to send events, at any rate
         * @description The validation request of HTTP 1.1 Web Hooks for Event Delivery.
         */
        options: operations["agreeCloudEvents"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest/grafana": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Takes in alerts of Grafana's webhook, if Grafana is set to PUT
         * @description Each alert's own status counts. Invalid alerts are listed in `rejected` and the others are taken in; 400 only if all alerts are invalid. Over a quota the answer is 503, since senders do not retry after 429.
         */
        put: operations["putGrafanaWebhooks"];
        /**
         * Takes in alerts of Grafana's webhook
         * @description Each alert's own status counts. Invalid alerts are listed in `rejected` and the others are taken in; 400 only if all alerts are invalid. Over a quota the answer is 503, since senders do not retry after 429.
         */
        post: operations["postGrafanaWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ingest/prometheus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in alerts by Alertmanager's API v2, of Prometheus and other senders
         * @description An alert fires until its `endsAt`, or for five minutes without one; an `endsAt` in the past is a recovery. An alert that is not repeated recovers half a minute after its end. If most alerts of a key are not repeated, they are held and a `nodata` event reports the outage. 400 lists the invalid alerts; the others are taken in. The webhook object of KubeSphere is taken in too. Over a quota the answer is 503.
         */
        post: operations["postPrometheus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v2/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in alerts by Alertmanager's API v2, of Prometheus and other senders
         * @description An alert fires until its `endsAt`, or for five minutes without one; an `endsAt` in the past is a recovery. An alert that is not repeated recovers half a minute after its end. If most alerts of a key are not repeated, they are held and a `nodata` event reports the outage. 400 lists the invalid alerts; the others are taken in. The webhook object of KubeSphere is taken in too. Over a quota the answer is 503.
         */
        post: operations["postAlertmanagerApi"];
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
        AlertEvent: {
            /** @description the same id sent again within an hour is the same event; generated if missing */
            id?: string | null;
            /** @description alert policy of the event */
            policy: string;
            /** @description monitored object, unique within its policy */
            object: string;
            /** @description name of the object for people */
            objectName?: string | null;
            /**
             * @description severity, or recovered
             * @enum {string}
             */
            level: "fatal" | "error" | "nodata" | "warning" | "info" | "recovered";
            title?: string | null;
            content?: string | null;
            value?: number | null;
            unit?: string | null;
            labels?: {
                [key: string]: string;
            } | null;
            annotations?: {
                [key: string]: string;
            } | null;
            startsAt?: string | null;
            endsAt?: string | null;
            url?: string | null;
        };
        AlertWebhook: {
            alerts: components["schemas"]["WebhookAlert"][] | null;
            /** @description number of alerts that the sender left out */
            truncatedAlerts?: number | null;
        };
        CancelAnswer: {
            cancelled: number;
            skipped: number;
            /**
             * @description nothing was changed
             * @constant
             */
            dryRun?: true;
            /** @description skipped deliveries, by reason */
            skippedBecause: {
                inFlight?: number;
                over?: number;
            };
        };
        /**
         * @example {
         *       "policy": "cpu-high",
         *       "object": "host-42"
         *     }
         */
        CancelRequest: {
            /**
             * @description `waiting` and `retrying` by default
             * @enum {string}
             */
            status?: "waiting" | "retrying";
            /** @description a team; with a platform key only */
            team?: string;
            channel?: string;
            endpoint?: string;
            policy?: string;
            object?: string;
            /** @enum {string} */
            level?: "fatal" | "error" | "nodata" | "warning" | "info" | "recovered";
            /** @description delivered in this digest, whose id is at its end */
            digest?: string;
            /**
             * Format: date-time
             * @description created at this time or later
             */
            from?: string;
            /**
             * Format: date-time
             * @description created before this time
             */
            to?: string;
        };
        Channel: {
            type: string;
            label: string;
            /** @description a JSON Schema; secrets are marked `writeOnly`, fields of the destination `destination` */
            config: {
                [key: string]: unknown;
            };
            /** @description template of endpoints without one, in the language of the installation */
            template: {
                title: string;
                content: string;
            };
            variables: {
                name: string;
                description: string;
            }[];
            /** @description filters of templates: {{ value | filter }} */
            filters: {
                name: string;
                description: string;
            }[];
            /** @description limits of the provider, and its page about them; longer texts are cut */
            limits: {
                rate: {
                    max: number;
                    per: string;
                } | null;
                burst: {
                    max: number;
                    per: string;
                } | null;
                title: {
                    max: number;
                    /** @enum {string} */
                    unit: "bytes" | "characters";
                } | null;
                content: {
                    max: number;
                    /** @enum {string} */
                    unit: "bytes" | "characters";
                } | null;
                documentedAt: string | null;
            };
            defaultRateLimit: {
                max: number;
                per: string;
            } | null;
        };
        ChannelStats: {
            channel: string;
            waiting: number;
            running: number;
            /** @description the last minute, and up to 10 seconds before it */
            minute: components["schemas"]["Tally"];
            /** @description the last hour, and up to 5 minutes before it */
            hour: components["schemas"]["Tally"];
            /** @description the last day, and up to an hour before it */
            day: components["schemas"]["Tally"];
        };
        CloudEvent: {
            /** @constant */
            specversion: "1.0";
            id: string;
            source: string;
            type: string;
            time?: string | null;
            /** @description a JSON type */
            datacontenttype?: string | null;
            /** @description the event; its own `id` is ignored */
            data?: components["schemas"]["AlertEvent"];
            /** @description the same as JSON in base64 */
            data_base64?: string | null;
        };
        Delivery: {
            id: string;
            eventId: string;
            endpointId: string;
            endpointName: string;
            team: string;
            channel: string;
            target: string;
            policy: string;
            object: string;
            /** @description null for a moment, until the event is in the log */
            level: ("fatal" | "error" | "nodata" | "warning" | "info" | "recovered") | null;
            title: string | null;
            /** @enum {string} */
            status: "waiting" | "retrying" | "delivered" | "dead" | "cancelled";
            reason: string | null;
            attemptCount: number;
            lastError: string | null;
            /** @description refused recipients of a message that others accepted */
            partial: string[];
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
            nextAttemptAt: string | null;
            /** @description the dead delivery that this one replaces */
            fallbackOf: string | null;
            /** @description the delivery that this one replays */
            replayOf: string | null;
            /** @description the digest in which it was delivered with others */
            digest: string | null;
        };
        DeliveryDetail: {
            id: string;
            eventId: string;
            endpointId: string;
            endpointName: string;
            team: string;
            channel: string;
            target: string;
            policy: string;
            object: string;
            /** @description null for a moment, until the event is in the log */
            level: ("fatal" | "error" | "nodata" | "warning" | "info" | "recovered") | null;
            title: string | null;
            /** @enum {string} */
            status: "waiting" | "retrying" | "delivered" | "dead" | "cancelled";
            reason: string | null;
            attemptCount: number;
            lastError: string | null;
            /** @description refused recipients of a message that others accepted */
            partial: string[];
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
            nextAttemptAt: string | null;
            /** @description the dead delivery that this one replaces */
            fallbackOf: string | null;
            /** @description the delivery that this one replays */
            replayOf: string | null;
            /** @description the digest in which it was delivered with others */
            digest: string | null;
            event: {
                [key: string]: unknown;
            } | null;
            attempts: {
                n: number;
                /** Format: date-time */
                startedAt: string;
                durationMs: number;
                /** @enum {string} */
                outcome: "delivered" | "rejected" | "misconfigured" | "throttled" | "unavailable" | "unknown";
                /** @description the provider's own code */
                code: string | null;
                message: string | null;
                /** @description beginning of the provider's answer */
                excerpt: string | null;
            }[];
        };
        Endpoint: {
            id: string;
            name: string;
            team: string;
            channel: string;
            enabled: boolean;
            /** @description secrets are masked; those that a change would send to another destination must be sent again */
            config: {
                [key: string]: unknown;
            };
            levels: ("fatal" | "error" | "nodata" | "warning" | "info" | "recovered")[];
            pushPeriod: string;
            maxPushes: number;
            pushOnEscalation: boolean;
            periodAcrossRecovery: boolean;
            rateLimit: {
                max: number;
                per: string;
            } | null;
            expireAfter: string;
            digestAfter: string;
            /** @description id of the endpoint that takes what ends dead here */
            fallback: string | null;
            template: {
                title?: string;
                content?: string;
            };
            policyCount: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @default {
         *       "policies": []
         *     }
         * @example {
         *       "name": "ops mail of the night shift"
         *     }
         */
        EndpointClone: {
            /** @description unique within the team; made from the name of the copied where missing */
            name?: string;
            /**
             * @description keys of policies to link at once; missing ones are made
             * @default []
             */
            policies: string[];
        };
        /**
         * @example {
         *       "name": "ops hook",
         *       "channel": "http",
         *       "config": {
         *         "url": "https://example.com/alerts",
         *         "headers": {
         *           "authorization": "Bearer …"
         *         }
         *       },
         *       "pushPeriod": "12h",
         *       "policies": [
         *         "cpu-high"
         *       ]
         *     }
         */
        EndpointCreate: {
            /**
             * @description unique within the team
             * @example ops mail
             */
            name: string;
            /**
             * @description the team it belongs to
             * @example default
             */
            team?: string;
            /**
             * @description one of GET /api/v1/channels; cannot be changed
             * @example http
             */
            channel: string;
            /** @default true */
            enabled: boolean;
            /** @description what the channel needs, see GET /api/v1/channels */
            config: {
                [key: string]: unknown;
            };
            /**
             * @description the levels that are pushed
             * @default [
             *       "fatal",
             *       "error",
             *       "nodata",
             *       "warning",
             *       "recovered"
             *     ]
             */
            levels: ("fatal" | "error" | "nodata" | "warning" | "info" | "recovered")[];
            /**
             * @description within it, at most one push for a policy and object; 0s pushes every event
             * @default 12h
             */
            pushPeriod: string;
            /**
             * @description the most pushes of one episode; 0 means no limit
             * @default 0
             */
            maxPushes: number;
            /** @default true */
            pushOnEscalation: boolean;
            /** @default false */
            periodAcrossRecovery: boolean;
            /**
             * @description at most `max` sends in any window of `per`; null: nine tenths of the provider's limit
             * @default null
             */
            rateLimit: {
                max: number;
                /** @description a duration: 0s, or a whole number followed by s, m, h or d */
                per: string;
            } | null;
            /**
             * @description how long a delivery is tried
             * @default 24h
             */
            expireAfter: string;
            /**
             * @description if more deliveries wait for a target than its rate limit lets through in this time, digests combine them; 0s: never. On channels that people read.
             * @default 1m
             */
            digestAfter: string;
            /**
             * @description id of the endpoint of the same team that takes what ends dead here
             * @default null
             */
            fallback: string | null;
            /**
             * @description texts to use in place of the channel's own, in Jinja syntax; GET /api/v1/channels lists variables and filters, docs/templates.md explains them
             * @default {}
             */
            template: {
                title?: string;
                content?: string;
            };
            /**
             * @description keys of policies to link at once; missing ones are made
             * @default []
             */
            policies: string[];
        };
        /**
         * @description a JSON Merge Patch: null puts a default back
         * @example {
         *       "pushPeriod": "1h",
         *       "config": {
         *         "headers": {
         *           "x-old": null
         *         }
         *       }
         *     }
         */
        EndpointPatch: {
            /**
             * @description unique within the team
             * @example ops mail
             */
            name?: string;
            enabled?: boolean | null;
            /** @description what the channel needs, see GET /api/v1/channels */
            config?: {
                [key: string]: unknown;
            };
            /** @description the levels that are pushed */
            levels?: ("fatal" | "error" | "nodata" | "warning" | "info" | "recovered")[] | null;
            /** @description within it, at most one push for a policy and object; 0s pushes every event */
            pushPeriod?: string | null;
            /** @description the most pushes of one episode; 0 means no limit */
            maxPushes?: number | null;
            pushOnEscalation?: boolean | null;
            periodAcrossRecovery?: boolean | null;
            /** @description at most `max` sends in any window of `per`; null: nine tenths of the provider's limit */
            rateLimit?: {
                max?: number;
                /** @description a duration: 0s, or a whole number followed by s, m, h or d */
                per?: string;
            } | null;
            /** @description how long a delivery is tried */
            expireAfter?: string | null;
            /** @description if more deliveries wait for a target than its rate limit lets through in this time, digests combine them; 0s: never. On channels that people read. */
            digestAfter?: string | null;
            /** @description id of the endpoint of the same team that takes what ends dead here */
            fallback?: string | null;
            /** @description texts to use in place of the channel's own, in Jinja syntax; GET /api/v1/channels lists variables and filters, docs/templates.md explains them */
            template?: {
                title?: string | null;
                content?: string | null;
            } | null;
        };
        EndpointStats: {
            endpointId: string;
            endpointName: string;
            team: string;
            channel: string;
            /** @description false too where the endpoint is deleted, and something still waits */
            enabled: boolean;
            waiting: number;
            running: number;
            /** @description the last minute, and up to 10 seconds before it */
            minute: components["schemas"]["Tally"];
            /** @description the last hour, and up to 5 minutes before it */
            hour: components["schemas"]["Tally"];
            /** @description the last day, and up to an hour before it */
            day: components["schemas"]["Tally"];
            /** @description trouble first */
            targets: components["schemas"]["TargetStats"][];
        };
        /**
         * @example {
         *       "channel": "http",
         *       "config": {
         *         "url": "https://example.com/alerts",
         *         "headers": {
         *           "authorization": "Bearer …"
         *         }
         *       }
         *     }
         */
        EndpointTest: {
            /**
             * @description unique within the team
             * @default test
             * @example ops mail
             */
            name: string;
            /**
             * @description the team it belongs to
             * @example default
             */
            team?: string;
            /**
             * @description one of GET /api/v1/channels; cannot be changed
             * @example http
             */
            channel: string;
            /** @default true */
            enabled: boolean;
            /** @description what the channel needs, see GET /api/v1/channels */
            config: {
                [key: string]: unknown;
            };
            /**
             * @description the levels that are pushed
             * @default [
             *       "fatal",
             *       "error",
             *       "nodata",
             *       "warning",
             *       "recovered"
             *     ]
             */
            levels: ("fatal" | "error" | "nodata" | "warning" | "info" | "recovered")[];
            /**
             * @description within it, at most one push for a policy and object; 0s pushes every event
             * @default 12h
             */
            pushPeriod: string;
            /**
             * @description the most pushes of one episode; 0 means no limit
             * @default 0
             */
            maxPushes: number;
            /** @default true */
            pushOnEscalation: boolean;
            /** @default false */
            periodAcrossRecovery: boolean;
            /**
             * @description at most `max` sends in any window of `per`; null: nine tenths of the provider's limit
             * @default null
             */
            rateLimit: {
                max: number;
                /** @description a duration: 0s, or a whole number followed by s, m, h or d */
                per: string;
            } | null;
            /**
             * @description how long a delivery is tried
             * @default 24h
             */
            expireAfter: string;
            /**
             * @description if more deliveries wait for a target than its rate limit lets through in this time, digests combine them; 0s: never. On channels that people read.
             * @default 1m
             */
            digestAfter: string;
            /**
             * @description id of the endpoint of the same team that takes what ends dead here
             * @default null
             */
            fallback: string | null;
            /**
             * @description texts to use in place of the channel's own, in Jinja syntax; GET /api/v1/channels lists variables and filters, docs/templates.md explains them
             * @default {}
             */
            template: {
                title?: string;
                content?: string;
            };
            /** @description an endpoint whose stored secrets masks stand for; only at the same destination */
            id?: string;
            policies?: string[];
        };
        IntakeReport: {
            received: number;
            /** @description counted once for each endpoint of an event */
            queued: number;
            suppressed: {
                period: number;
                frequency: number;
                level: number;
                silenced: number;
                disabled: number;
                recovery: number;
            };
            /** @description events that no policy took */
            unrouted: number;
            /** @description events whose id was queued within the last hour */
            duplicates: number;
            rejected: {
                index: number;
                errors: {
                    path: string;
                    message: string;
                }[];
            }[];
            /** @description rejected events beyond those listed */
            moreRejected?: number;
            /** @description only with detail=true, for the first 5,000 events */
            results?: {
                index: number;
                /** @description null for a rejected event without one */
                id: string | null;
                /** @enum {string} */
                result: "taken" | "duplicate" | "unrouted" | "rejected";
                endpoints: {
                    endpoint: string;
                    endpointName: string;
                    /** @enum {string} */
                    result: "queued" | "duplicate" | "period" | "frequency" | "level" | "silenced" | "disabled" | "recovery";
                    deliveryId?: string;
                }[];
            }[];
        };
        Policy: {
            key: string;
            name: string;
            team: string;
            endpoints: string[];
            match: {
                [key: string]: string;
            } | null;
            enabled: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "key": "cpu-high",
         *       "name": "CPU above 90 %",
         *       "endpoints": [
         *         "01995f3a-7c1e-7a3b-9d0f-2b6c8e4a1f00"
         *       ]
         *     }
         */
        PolicyCreate: {
            /**
             * @description the `policy` of the events it takes, or `*` for all events of its team
             * @example cpu-high
             */
            key: string;
            /** @description for people; the key if there is none */
            name?: string;
            /**
             * @description the team it belongs to
             * @example default
             */
            team?: string;
            /**
             * @description ids of endpoints of the same team
             * @default []
             */
            endpoints: string[];
            /** @default null */
            match: {
                [key: string]: string;
            } | null;
            /** @default true */
            enabled: boolean;
        };
        /**
         * @description a JSON Merge Patch: null puts a default back
         * @example {
         *       "match": {
         *         "region": "gz"
         *       }
         *     }
         */
        PolicyPatch: {
            /** @description for people; the key if there is none */
            name?: string | null;
            /** @description ids of endpoints of the same team */
            endpoints?: string[] | null;
            match?: {
                [key: string]: string | null;
            } | null;
            enabled?: boolean | null;
        };
        PostedAlert: {
            /** @description at least one that is not empty; `alertname` is the policy */
            labels: {
                [key: string]: string | null;
            };
            annotations?: {
                [key: string]: string | null;
            } | null;
            startsAt?: string | null;
            /** @description until when it fires unless it is repeated; in the past, when it recovered */
            endsAt?: string | null;
            generatorURL?: string | null;
        };
        /**
         * @example {
         *       "type": "about:blank",
         *       "title": "Bad Request",
         *       "status": 400,
         *       "detail": "pushPeriod must be 0s or a whole number with s, m, h or d (at most 365d), not \"1 hour\"",
         *       "errors": [
         *         {
         *           "path": "pushPeriod",
         *           "message": "must be 0s or a whole number with s, m, h or d (at most 365d), not \"1 hour\""
         *         }
         *       ]
         *     }
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description fields and their errors */
            errors?: {
                path: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        ReplayAnswer: {
            replayed: number;
            skipped: number;
            /**
             * @description nothing was changed
             * @constant
             */
            dryRun?: true;
            /** @description skipped deliveries, by reason */
            skippedBecause: {
                underWay?: number;
                replayedSince?: number;
                episodeEnded?: number;
                episodeUnknown?: number;
                superseded?: number;
                firingDied?: number;
                endpointDeleted?: number;
                endpointDisabled?: number;
                endpointUnreadable?: number;
                targetRemoved?: number;
                notRecorded?: number;
            };
            /** @description id of the new delivery, if one delivery was replayed by its id */
            id?: string;
        };
        /**
         * @example {
         *       "status": "dead",
         *       "endpoint": "01995f3a-7c1e-7a3b-9d0f-2b6c8e4a1f00",
         *       "from": "2026-11-20T01:00:00Z"
         *     }
         */
        ReplayRequest: {
            /**
             * @description `dead` and `cancelled` by default; `delivered` only if it is given
             * @enum {string}
             */
            status?: "dead" | "cancelled" | "delivered";
            /** @description a team; with a platform key only */
            team?: string;
            channel?: string;
            endpoint?: string;
            policy?: string;
            object?: string;
            /** @enum {string} */
            level?: "fatal" | "error" | "nodata" | "warning" | "info" | "recovered";
            /** @description delivered in this digest, whose id is at its end */
            digest?: string;
            /**
             * Format: date-time
             * @description created at this time or later
             */
            from?: string;
            /**
             * Format: date-time
             * @description created before this time
             */
            to?: string;
            /** @description also replays deliveries whose state is over: a firing whose episode has ended, a recovery of an object that fires again */
            force?: boolean;
        };
        Stats: {
            /** Format: date-time */
            at: string;
            /** @description sums over the endpoints below */
            channels: components["schemas"]["ChannelStats"][];
            /** @description trouble first */
            endpoints: components["schemas"]["EndpointStats"][];
        };
        /** @description deliveries by how they ended, attempts that are to be made again, and events suppressed (not those that the settings alone keep out: a disabled endpoint, or a level it does not take) */
        Tally: {
            delivered: number;
            suppressed: number;
            retried: number;
            dead: number;
            cancelled: number;
        };
        TargetStats: {
            target: string;
            targetId: string;
            /** @description everything that is not being sent; of it: */
            waiting: number;
            /** @description may be sent now */
            ready: number;
            /** @description was tried, and waits for its next try */
            retrying: number;
            /** @description is sent again by hand, and waits for its turn */
            replaying: number;
            /** @description is behind an unsettled delivery of the same policy and object */
            behind: number;
            /** @description being sent right now */
            running: number;
            /** @description when the oldest that waits was accepted; where many wait for their next try, about so */
            waitingSince: string | null;
            /**
             * @description misconfigured: credential or address are refused. failing: failed again and again, tried by single probes. throttled: the provider asked to wait. retrying: the last sends failed, and are tried again. rate limited: the next send would exceed the rate limit. replaying: what is sent again goes at a bounded pace. queued: a worker will come. sending: one is there.
             * @enum {string}
             */
            state: "misconfigured" | "settings unreadable" | "failing" | "throttled" | "retrying" | "rate limited" | "replaying" | "queued" | "sending" | "idle";
            /** @description until when nothing is sent there, where that is known */
            until: string | null;
            /** @description failures in a row */
            failures: number;
            /** @description the first of them */
            failingSince: string | null;
            /** @description the last of them, in the provider's own words */
            lastError: string | null;
        };
        TestResult: {
            /** @description whether every target took the message */
            ok: boolean;
            targets: {
                target: string;
                ok: boolean;
                detail: string;
                /** @description empty where no provider was reached */
                providerResponse: string;
                durationMs: number;
            }[];
        };
        UnroutedEvent: {
            id: string;
            receivedAt: string | null;
            /** @description the event; long ones are shortened */
            event: {
                [key: string]: unknown;
            } | null;
        };
        WebhookAlert: {
            /** @enum {string} */
            status: "firing" | "resolved";
            /** @description at least one that is not empty; `alertname` is the policy */
            labels: {
                [key: string]: string | null;
            };
            annotations?: {
                [key: string]: string | null;
            } | null;
            startsAt?: string | null;
            endsAt?: string | null;
            generatorURL?: string | null;
            /** @description of Grafana; preferred to the other two as the event's url */
            panelURL?: string | null;
            /** @description of Grafana */
            dashboardURL?: string | null;
            /** @description an object, of Grafana; read only if it holds exactly one number */
            values?: unknown;
        };
        WebhookReport: {
            received: number;
            /** @description counted once for each endpoint of an event */
            queued: number;
            suppressed: {
                period: number;
                frequency: number;
                level: number;
                silenced: number;
                disabled: number;
                recovery: number;
            };
            /** @description events that no policy took */
            unrouted: number;
            /** @description events whose id was queued within the last hour */
            duplicates: number;
            rejected: {
                index: number;
                errors: {
                    path: string;
                    message: string;
                }[];
            }[];
            /** @description rejected events beyond those listed */
            moreRejected?: number;
            /** @description only with detail=true, for the first 5,000 events */
            results?: {
                index: number;
                /** @description null for a rejected event without one */
                id: string | null;
                /** @enum {string} */
                result: "taken" | "duplicate" | "unrouted" | "rejected";
                endpoints: {
                    endpoint: string;
                    endpointName: string;
                    /** @enum {string} */
                    result: "queued" | "duplicate" | "period" | "frequency" | "level" | "silenced" | "disabled" | "recovery";
                    deliveryId?: string;
                }[];
            }[];
            /** @description alerts that the sender left out because of its own settings */
            truncatedAlerts?: number;
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
    testUnsavedEndpointTests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointTest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestResult"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testEndpointTests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestResult"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cloneEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EndpointClone"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEndpoints: {
        parameters: {
            query?: {
                /** @description most items of the page, up to 200 */
                limit?: string;
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description a team; with a platform key only */
                team?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Endpoint"][];
                        /** @description for the next page; null on the last one */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeEndpoints: {
        parameters: {
            query?: {
                /** @description delete it though policies link to it, or it is the fallback of other endpoints */
                force?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["EndpointPatch"];
                "application/json": components["schemas"]["EndpointPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPolicies: {
        parameters: {
            query?: {
                /** @description most items of the page, up to 200 */
                limit?: string;
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description a team; with a platform key only */
                team?: string;
                /** @description only policies that link to this endpoint */
                endpoint?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Policy"][];
                        /** @description for the next page; null on the last one */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPolicies: {
        parameters: {
            query?: {
                /** @description a team; with a platform key only */
                team?: string;
            };
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removePolicies: {
        parameters: {
            query?: {
                /** @description a team; with a platform key only */
                team?: string;
            };
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchPolicies: {
        parameters: {
            query?: {
                /** @description a team; with a platform key only */
                team?: string;
            };
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["PolicyPatch"];
                "application/json": components["schemas"]["PolicyPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: {
                /** @description most items of the page, up to 200 */
                limit?: string;
                /** @description `nextCursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Channel"][];
                        /** @description for the next page; null on the last one */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    allReplay: {
        parameters: {
            query?: {
                /** @description `true` only counts the deliveries, and changes nothing */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "replayed": 212,
                     *       "skipped": 5,
                     *       "skippedBecause": {
                     *         "episodeEnded": 4,
                     *         "targetRemoved": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayAnswer"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    oneReplay: {
        parameters: {
            query?: {
                /** @description `true` only counts the deliveries, and changes nothing */
                dryRun?: "true" | "false";
                /** @description as in the body */
                force?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description also replays deliveries whose state is over: a firing whose episode has ended, a recovery of an object that fires again */
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "replayed": 1,
                     *       "skipped": 0,
                     *       "skippedBecause": {},
                     *       "id": "0k2f9q1x00a1b_r1"
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayAnswer"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    allCancel: {
        parameters: {
            query?: {
                /** @description `true` only counts the deliveries, and changes nothing */
                dryRun?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelRequest"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cancelled": 37,
                     *       "skipped": 1,
                     *       "skippedBecause": {
                     *         "inFlight": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    oneCancel: {
        parameters: {
            query?: {
                /** @description `true` only counts the deliveries, and changes nothing */
                dryRun?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cancelled": 1,
                     *       "skipped": 0,
                     *       "skippedBecause": {}
                     *     }
                     */
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict with an existing resource */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description most items of the page, up to 200 */
                limit?: string;
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description a team; with a platform key only */
                team?: string;
                channel?: string;
                endpoint?: string;
                policy?: string;
                object?: string;
                level?: "fatal" | "error" | "nodata" | "warning" | "info" | "recovered";
                /** @description delivered in this digest, whose id is at its end */
                digest?: string;
                /** @description created at this time or later */
                from?: string;
                /** @description created before this time */
                to?: string;
                /** @description `waiting`: accepted, not tried yet, and not in flight; needs `endpoint`. The log has the others. */
                status?: "waiting" | "retrying" | "delivered" | "dead" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        /** @description for the next page; null on the last one */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    statsStats: {
        parameters: {
            query?: {
                /** @description a team; with a platform key only */
                team?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "at": "2026-11-20T08:00:00.000Z",
                     *       "channels": [
                     *         {
                     *           "channel": "http",
                     *           "waiting": 1204,
                     *           "running": 1,
                     *           "minute": {
                     *             "delivered": 0,
                     *             "suppressed": 14,
                     *             "retried": 1,
                     *             "dead": 0,
                     *             "cancelled": 0
                     *           },
                     *           "hour": {
                     *             "delivered": 310,
                     *             "suppressed": 812,
                     *             "retried": 17,
                     *             "dead": 0,
                     *             "cancelled": 0
                     *           },
                     *           "day": {
                     *             "delivered": 9120,
                     *             "suppressed": 20334,
                     *             "retried": 31,
                     *             "dead": 2,
                     *             "cancelled": 0
                     *           }
                     *         }
                     *       ],
                     *       "endpoints": [
                     *         {
                     *           "endpointId": "0f6c1c2e-8f1b-4a52-9d0c-6f3d5b7a9e10",
                     *           "endpointName": "ops receiver",
                     *           "team": "default",
                     *           "channel": "http",
                     *           "enabled": true,
                     *           "waiting": 1204,
                     *           "running": 1,
                     *           "minute": {
                     *             "delivered": 0,
                     *             "suppressed": 14,
                     *             "retried": 1,
                     *             "dead": 0,
                     *             "cancelled": 0
                     *           },
                     *           "hour": {
                     *             "delivered": 310,
                     *             "suppressed": 812,
                     *             "retried": 17,
                     *             "dead": 0,
                     *             "cancelled": 0
                     *           },
                     *           "day": {
                     *             "delivered": 9120,
                     *             "suppressed": 20334,
                     *             "retried": 31,
                     *             "dead": 2,
                     *             "cancelled": 0
                     *           },
                     *           "targets": [
                     *             {
                     *               "target": "https://ops.example.com",
                     *               "targetId": "url",
                     *               "waiting": 1204,
                     *               "ready": 1180,
                     *               "retrying": 5,
                     *               "replaying": 0,
                     *               "behind": 19,
                     *               "running": 1,
                     *               "waitingSince": "2026-11-20T07:41:12.000Z",
                     *               "state": "failing",
                     *               "until": "2026-11-20T08:00:42.000Z",
                     *               "failures": 17,
                     *               "failingSince": "2026-11-20T07:41:13.000Z",
                     *               "lastError": "connect ECONNREFUSED"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUnrouted: {
        parameters: {
            query?: {
                /** @description most items of the page, up to 200 */
                limit?: string;
                /** @description `nextCursor` of the previous page */
                cursor?: string;
                /** @description a team; with a platform key only */
                team?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UnroutedEvent"][];
                        /** @description for the next page; null on the last one */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
        };
    };
    readinessHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK; `degraded` lists optional dependencies that are not available */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ready";
                        degraded: {
                            path: string;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Service unavailable; `missing` and `errors` list the dependencies that are not available */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        type: string;
                        title: string;
                        status: number;
                        detail: string;
                        /** @description fields and their errors */
                        errors?: {
                            path: string;
                            message: string;
                        }[];
                        missing: string[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    metricsHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    postIngest: {
        parameters: {
            query?: {
                /** @description with `true`, the answer lists the result of each event */
                detail?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertEvent"] | components["schemas"]["AlertEvent"][];
                "application/x-ndjson": components["schemas"]["AlertEvent"][];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "received": 500,
                     *       "queued": 12,
                     *       "suppressed": {
                     *         "period": 479,
                     *         "frequency": 3,
                     *         "level": 2,
                     *         "silenced": 0,
                     *         "disabled": 0,
                     *         "recovery": 0
                     *       },
                     *       "unrouted": 1,
                     *       "duplicates": 2,
                     *       "rejected": [
                     *         {
                     *           "index": 7,
                     *           "errors": [
                     *             {
                     *               "path": "level",
                     *               "message": "is required and must be one of fatal, error, nodata, warning, info, recovered"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["IntakeReport"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the quota, or too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAlertmanagerWebhooks: {
        parameters: {
            query?: {
                /** @description with `true`, the answer lists the result of each event */
                detail?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertWebhook"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "received": 500,
                     *       "queued": 12,
                     *       "suppressed": {
                     *         "period": 479,
                     *         "frequency": 3,
                     *         "level": 2,
                     *         "silenced": 0,
                     *         "disabled": 0,
                     *         "recovery": 0
                     *       },
                     *       "unrouted": 1,
                     *       "duplicates": 2,
                     *       "rejected": [
                     *         {
                     *           "index": 7,
                     *           "errors": [
                     *             {
                     *               "path": "level",
                     *               "message": "is required and must be one of fatal, error, nodata, warning, info, recovered"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookReport"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCloudEvents: {
        parameters: {
            query?: {
                /** @description with `true`, the answer lists the result of each event */
                detail?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": components["schemas"]["CloudEvent"] | components["schemas"]["CloudEvent"][] | components["schemas"]["AlertEvent"];
                "application/cloudevents-batch+json": components["schemas"]["CloudEvent"][];
                "application/json": components["schemas"]["AlertEvent"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "received": 500,
                     *       "queued": 12,
                     *       "suppressed": {
                     *         "period": 479,
                     *         "frequency": 3,
                     *         "level": 2,
                     *         "silenced": 0,
                     *         "disabled": 0,
                     *         "recovery": 0
                     *       },
                     *       "unrouted": 1,
                     *       "duplicates": 2,
                     *       "rejected": [
                     *         {
                     *           "index": 7,
                     *           "errors": [
                     *             {
                     *               "path": "level",
                     *               "message": "is required and must be one of fatal, error, nodata, warning, info, recovered"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["IntakeReport"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the quota, or too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agreeCloudEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putGrafanaWebhooks: {
        parameters: {
            query?: {
                /** @description with `true`, the answer lists the result of each event */
                detail?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertWebhook"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "received": 500,
                     *       "queued": 12,
                     *       "suppressed": {
                     *         "period": 479,
                     *         "frequency": 3,
                     *         "level": 2,
                     *         "silenced": 0,
                     *         "disabled": 0,
                     *         "recovery": 0
                     *       },
                     *       "unrouted": 1,
                     *       "duplicates": 2,
                     *       "rejected": [
                     *         {
                     *           "index": 7,
                     *           "errors": [
                     *             {
                     *               "path": "level",
                     *               "message": "is required and must be one of fatal, error, nodata, warning, info, recovered"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookReport"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postGrafanaWebhooks: {
        parameters: {
            query?: {
                /** @description with `true`, the answer lists the result of each event */
                detail?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertWebhook"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "received": 500,
                     *       "queued": 12,
                     *       "suppressed": {
                     *         "period": 479,
                     *         "frequency": 3,
                     *         "level": 2,
                     *         "silenced": 0,
                     *         "disabled": 0,
                     *         "recovery": 0
                     *       },
                     *       "unrouted": 1,
                     *       "duplicates": 2,
                     *       "rejected": [
                     *         {
                     *           "index": 7,
                     *           "errors": [
                     *             {
                     *               "path": "level",
                     *               "message": "is required and must be one of fatal, error, nodata, warning, info, recovered"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WebhookReport"];
                };
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postPrometheus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedAlert"][] | components["schemas"]["AlertWebhook"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAlertmanagerApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostedAlert"][] | components["schemas"]["AlertWebhook"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Invalid request; `errors` names the fields and their errors */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Missing or invalid API key */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden for the role of this key */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported content type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys from this address; see Retry-After */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request headers too large; the path and the query count as headers */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A dependency is unavailable; see Retry-After */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
