/** A token bucket in a proxy: a request takes one token, and without one it is answered with 429. */
export interface RateLimit {
    /** Tokens that come back in each `per`, little by little. */
    requests: number;
    /** Duration in which they come back, such as `1m`. */
    per: string;
    /** Tokens of a full bucket. @default `requests` */
    burst?: number;
    /** A bucket for each client address, token subject or value of `header`. @default one bucket for all requests */
    each?: "client-address" | "token-subject" | "header";
    /** Header with `each: header`. Requests without it share a bucket. @default none */
    header?: string;
}
