/** What happens to a call on its way to the API server. */
export type Fault =
  /** Arrives late. */
  | { kind: 'delay'; ms: number }
  /** Is never answered. */
  | { kind: 'hang' }
  /** Is answered by the proxy, and never forwarded. */
  | { kind: 'answer'; status: number; message?: string; retryAfter?: number }
  /** Never arrives: the connection breaks. */
  | { kind: 'cut-before' }
  /** Arrives and is carried out, but the answer is lost. */
  | { kind: 'cut-after' }
  /** The answer comes a few bytes at a time. */
  | { kind: 'trickle'; bytes: number; everyMs: number }
  /** The answer begins and breaks off: a watch that is reset. */
  | { kind: 'break-off'; afterMs: number }
  /** The watch tells that its resource version is too old. */
  | { kind: 'gone' }
  /** Something happens elsewhere first; then the connection breaks without the call having been made. */
  | { kind: 'instead'; run: () => Promise<void> | void }
  /** The call is carried out; then something happens elsewhere, and the answer is lost. */
  | { kind: 'after'; run: () => Promise<void> | void };

/** A call as the API server would see it. */
export interface ApiCall {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  isWatch: boolean;
  isUpgrade: boolean;
}

export interface Match {
  method?: string;
  path?: RegExp;
  watch?: boolean;
  upgrade?: boolean;
  /** Whether it changes something. */
  write?: boolean;
  /** Only the n-th call that matches, counting from one; all of them where it is missing. */
  nth?: number;
}

/** A fault that waits for its calls. */
export class Rule {
  readonly #match: Match;
  readonly #onHit: () => void;
  #seen = 0;
  #hits = 0;
  /** Resolves when it has hit for the first time. */
  readonly happened: Promise<void>;

  constructor(match: Match, readonly fault: Fault) {
    this.#match = match;
    let onHit = () => {};
    this.happened = new Promise(resolve => {
      onHit = resolve;
    });
    this.#onHit = onHit;
  }

  /** How many calls it has hit. */
  get hits(): number {
    return this.#hits;
  }

  /** Whether the fault is for this call. Counts it. */
  takes(call: ApiCall): boolean {
    if (!matches(this.#match, call)) {
      return false;
    }
    this.#seen += 1;
    if (this.#match.nth !== undefined && this.#match.nth !== this.#seen) {
      return false;
    }
    this.#hits += 1;
    this.#onHit();
    return true;
  }
}

function matches(match: Match, call: ApiCall): boolean {
  return (
    (match.method === undefined || match.method === call.method) &&
    (match.path === undefined || match.path.test(call.path)) &&
    (match.watch === undefined || match.watch === call.isWatch) &&
    (match.upgrade === undefined || match.upgrade === call.isUpgrade) &&
    (match.write === undefined || match.write === (call.method !== 'GET'))
  );
}
