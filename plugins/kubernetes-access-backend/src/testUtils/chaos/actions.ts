import * as fc from 'fast-check';

/** Who takes part: two of the storefront team, two of the payments team, an admin, and somebody of neither. */
export const PEOPLE = ['ada', 'sam', 'olga', 'omar', 'pia', 'kim'] as const;
export type Person = (typeof PEOPLE)[number];

/** Whoever is entitled to it, or somebody in particular, who may not be. */
export type Somebody = Person | 'who may';

/** What can be asked for: pods of the payments team and of the storefront team. */
export const COMPONENTS = ['payments-api', 'storefront-web'] as const;

/**
 * One step of a random life. Plain data, so that a sequence can be printed, shortened and repeated. `which` picks among
 * what there is at that moment: requests (those that it makes sense for, the newest first), terminals, replicas.
 */
export type Action =
  | {
      /** To get in is to ask, be approved, and open a terminal, with a little patience. */
      do: 'ask' | 'get in';
      person: Person;
      component: (typeof COMPONENTS)[number];
      seconds: number;
    }
  | { do: 'approve' | 'deny'; person: Somebody; which: number }
  | { do: 'cancel' | 'revoke'; person: Somebody; which: number }
  | { do: 'open'; person: Somebody; which: number }
  | { do: 'type' | 'close'; which: number }
  | { do: 'wait'; ms: number }
  | { do: 'kill'; which: number }
  | { do: 'kill at a write'; nth: number; when: 'instead' | 'after' }
  | { do: 'cut the API'; ms: number }
  | { do: 'delay the API'; ms: number }
  | { do: 'refuse a write'; nth: number; status: number }
  | { do: 'lose an answer'; nth: number }
  | { do: 'reset watches' | 'forget history' | 'calm' }
  | { do: 'shift a clock'; which: number; seconds: number }
  | {
      do:
        | 'delete the binding'
        | 'delete the role'
        | 'delete the account'
        | 'widen the role'
        | 'widen the binding'
        | 'delete the resource'
        | 'forge the status'
        | 'take the finalizer';
      which: number;
    }
  | { do: 'delete a pod'; component: (typeof COMPONENTS)[number] };

const which = fc.nat(3);
const somebody: fc.Arbitrary<Somebody> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('who may' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...PEOPLE) },
);
const component = fc.constantFrom(...COMPONENTS);
const nth = fc.integer({ min: 1, max: 4 });

const like = <A extends Action>(
  weight: number,
  arbitrary: fc.Arbitrary<A>,
) => ({
  weight,
  arbitrary: arbitrary as fc.Arbitrary<Action>,
});

/** What people and fate do, people more often. */
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  like(
    18,
    fc.record({
      do: fc.constantFrom('ask' as const, 'get in' as const),
      person: fc.constantFrom('ada', 'sam', 'olga', 'omar' as Person),
      component,
      seconds: fc.constantFrom(3, 8, 60, 600),
    }),
  ),
  like(
    12,
    fc.record({
      do: fc.constant('approve' as const),
      person: somebody,
      which,
    }),
  ),
  like(
    12,
    fc.record({
      do: fc.constant('open' as const),
      person: somebody,
      which,
    }),
  ),
  like(
    8,
    fc.record({
      do: fc.constantFrom('cancel' as const, 'revoke' as const),
      person: somebody,
      which,
    }),
  ),
  like(
    3,
    fc.record({ do: fc.constant('deny' as const), person: somebody, which }),
  ),
  like(
    8,
    fc.record({
      do: fc.constantFrom('type' as const, 'close' as const),
      which,
    }),
  ),
  like(
    8,
    fc.record({
      do: fc.constant('wait' as const),
      ms: fc.integer({ min: 100, max: 2_500 }),
    }),
  ),
  like(3, fc.record({ do: fc.constant('kill' as const), which })),
  like(
    3,
    fc.record({
      do: fc.constant('kill at a write' as const),
      nth,
      when: fc.constantFrom('instead' as const, 'after' as const),
    }),
  ),
  like(
    2,
    fc.record({
      do: fc.constant('cut the API' as const),
      ms: fc.integer({ min: 100, max: 4_000 }),
    }),
  ),
  like(
    2,
    fc.record({
      do: fc.constant('delay the API' as const),
      ms: fc.integer({ min: 20, max: 700 }),
    }),
  ),
  like(
    2,
    fc.record({
      do: fc.constant('refuse a write' as const),
      nth,
      status: fc.constantFrom(403, 409, 429, 500, 503),
    }),
  ),
  like(2, fc.record({ do: fc.constant('lose an answer' as const), nth })),
  like(
    5,
    fc.record({
      do: fc.constantFrom(
        'reset watches' as const,
        'forget history' as const,
        'calm' as const,
      ),
    }),
  ),
  like(
    1,
    fc.record({
      do: fc.constant('shift a clock' as const),
      which,
      seconds: fc.constantFrom(-3_600, -10, 0, 0, 10, 3_600),
    }),
  ),
  like(
    9,
    fc.record({
      do: fc.constantFrom(
        'delete the binding' as const,
        'delete the role' as const,
        'delete the account' as const,
        'widen the role' as const,
        'widen the binding' as const,
        'delete the resource' as const,
        'forge the status' as const,
        'take the finalizer' as const,
      ),
      which,
    }),
  ),
  like(1, fc.record({ do: fc.constant('delete a pod' as const), component })),
);

/** The same actions for the same seed. */
export function actionsOf(seed: number, count: number): Action[] {
  return fc.sample(anyAction, { seed, numRuns: count });
}

/** One line. */
export function inWords(action: Action): string {
  const { do: what, ...details } = action;
  return `${what} ${JSON.stringify(details)}`;
}
