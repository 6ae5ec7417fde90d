import { setTimeout as delay } from 'node:timers/promises';
import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { eventually } from '../RealCluster';
import type { TestTerminal } from '../TestTerminal';
import type { AccessApi } from './AccessApi';
import { ApiRefusal } from './AccessApi';
import type { Action, Somebody } from './actions';
import type { ChaosStage } from './ChaosStage';
import type { Match } from './faults';
import { HandEdits } from './HandEdits';
import type { Seen } from './Observer';
import type { ReplicaProcess } from './ReplicaProcess';

/** Of what only a back end does to the cluster; leases apart, on which replicas agree who does it. */
const WRITES: Match = {
  write: true,
  path: /^(?!.*(\/leases|selfsubject))/,
};
/** How people are told no. Anything else is a fault of ours. */
const REFUSALS = [403, 404, 409, 429, 503];
/** After an end was committed a terminal may be open for so long. The goal is 100 ms; a test machine is busy. */
const CUT_MS = 8_000;
/** So long a person waits for a page. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 200;

interface OpenTerminal {
  requestId: string;
  terminal: TestTerminal;
  isClosed: boolean;
}

/** Lets people and fate act on a stage, and looks after each step whether all is as it has to be. */
export class RandomLife {
  readonly #stage: ChaosStage;
  readonly #edits: HandEdits;
  #terminals: OpenTerminal[] = [];
  #problems: string[] = [];
  #begun = 0;

  constructor(stage: ChaosStage) {
    this.#stage = stage;
    this.#edits = new HandEdits(stage.observer);
  }

  /** @throws Error with what is not as it has to be */
  async live(actions: readonly Action[]): Promise<void> {
    this.#begun = 0;
    for (const action of actions) {
      this.#begun += 1;
      await this.#act(action);
      await this.#look();
    }
    await this.#end();
  }

  /** How many actions of the last life were begun: when it failed, the rest had no part in it. */
  get begun(): number {
    return this.#begun;
  }

  /** Mends everything, whatever is wrong, so that another life can begin. */
  tidyUp(): void {
    this.#stage.proxy.clear();
    this.#terminals.forEach(({ terminal }) => terminal.close());
    this.#terminals = [];
    this.#problems = [];
    this.#stage.replicas.forEach(replica => replica.shiftClock(0));
  }

  async #act(action: Action): Promise<void> {
    const { proxy, replicas } = this.#stage;
    switch (action.do) {
      case 'ask':
        await this.#asPerson(api => ask(api, action));
        return;
      case 'get in':
        await this.#getIn(action);
        return;
      case 'approve':
      case 'deny':
        await this.#withRequest(action.which, ['Pending'], request =>
          this.#asPerson(api =>
            api.decide(approverOf(action.person, request), action.do, request),
          ),
        );
        return;
      case 'cancel':
      case 'revoke':
        await this.#withRequest(
          action.which,
          ['Active', 'Approved', 'Pending'],
          request =>
            this.#asPerson(api =>
              api.end(
                action.do === 'cancel'
                  ? requesterOf(action.person, request)
                  : approverOf(action.person, request),
                action.do,
                request.id,
              ),
            ),
        );
        return;
      case 'open':
        await this.#withRequest(action.which, ['Active'], request =>
          this.#open(requesterOf(action.person, request), request.id),
        );
        return;
      case 'type':
        this.#terminal(action.which)?.terminal.type('echo hello\n');
        return;
      case 'close':
        this.#terminal(action.which)?.terminal.close();
        return;
      case 'wait':
        await delay(action.ms);
        return;
      case 'kill':
        await this.#crash(replicas[action.which % replicas.length]);
        return;
      case 'kill at a write':
        proxy.when(
          { ...WRITES, nth: action.nth },
          { kind: action.when, run: () => this.#crashLeader() },
        );
        return;
      case 'cut the API':
        proxy.cut();
        setTimeout(() => proxy.mend(), action.ms);
        return;
      case 'delay the API':
        proxy.when({}, { kind: 'delay', ms: action.ms });
        return;
      case 'refuse a write':
        proxy.when(
          { ...WRITES, nth: action.nth },
          { kind: 'answer', status: action.status },
        );
        return;
      case 'lose an answer':
        proxy.when({ ...WRITES, nth: action.nth }, { kind: 'cut-after' });
        return;
      case 'reset watches':
        proxy.breakOff();
        return;
      case 'forget history':
        proxy.when({ watch: true, nth: 1 }, { kind: 'gone' });
        proxy.breakOff();
        return;
      case 'calm':
        proxy.clear();
        return;
      case 'shift a clock':
        replicas[action.which % replicas.length]?.shiftClock(
          action.seconds * 1000,
        );
        return;
      case 'delete a pod':
        await this.#edits.deletePod(action.component);
        return;
      default:
        await this.#withRequest(action.which, ['Active', 'Approved'], request =>
          this.#edits.edit(action.do, request),
        );
    }
  }

  async #crashLeader(): Promise<void> {
    const { observer, replicas } = this.#stage;
    const { pid } = await observer.lease();
    await this.#crash(replicas.find(replica => replica.pid === pid));
  }

  /** Two may be killed at once, so that for a moment there is none. */
  async #crash(replica: ReplicaProcess | undefined): Promise<void> {
    if (replica) {
      await this.#stage.crash(replica);
    }
  }

  /** Those in these phases come first, so that something happens; the others come after them. */
  async #withRequest(
    which: number,
    phases: AccessRequestPhase[],
    act: (request: Seen) => Promise<void>,
  ): Promise<void> {
    const requests = await this.#stage.observer.requests();
    const isMeant = ({ phase }: Seen) => phases.includes(phase);
    const meant = requests.filter(isMeant);
    const candidates =
      meant.length > 0 && which < 3
        ? meant
        : requests.filter(request => !isMeant(request));
    const request = candidates[which % Math.max(1, candidates.length)];
    if (request) {
      await act(request);
    }
  }

  #terminal(which: number): OpenTerminal | undefined {
    return this.#terminals.filter(({ isClosed }) => !isClosed)[which];
  }

  async #open(person: string, id: string): Promise<void> {
    await this.#asPerson(async api => {
      const terminal = await api.open(person, id);
      const open = { requestId: id, terminal, isClosed: false };
      this.#terminals.push(open);
      terminal.closed.then(() => {
        open.isClosed = true;
      });
    });
  }

  async #getIn(
    action: Extract<Action, { do: 'ask' | 'get in' }>,
  ): Promise<void> {
    const { observer } = this.#stage;
    await this.#asPerson(api => ask(api, action));
    const isTheirs = ({ requester, terms, phase }: Seen) =>
      requester === `user:default/${action.person}` &&
      terms.entityRef === `component:default/${action.component}` &&
      !isTerminal(phase);
    const theirs = (await observer.requests()).find(isTheirs);
    if (!theirs) {
      return;
    }
    await this.#asPerson(api =>
      api.decide(approverOf('who may', theirs), 'approve', theirs),
    );
    const isSetUp = async () =>
      (await observer.requests()).some(
        ({ id, phase }) => id === theirs.id && phase !== 'Approved',
      );
    for (
      let i = 0;
      i < PATIENCE_MS / LOOK_EVERY_MS && !(await isSetUp());
      i++
    ) {
      await delay(LOOK_EVERY_MS);
    }
    await this.#open(action.person, theirs.id);
  }

  /** Does what somebody does in a browser; no is an answer, and so is that nobody is there. */
  async #asPerson(act: (api: AccessApi) => Promise<unknown>): Promise<void> {
    const { replicas } = this.#stage;
    const replica = replicas[this.#terminals.length % replicas.length];
    if (!replica) {
      return;
    }
    const acting = act(replica.api).catch(error => {
      if (error instanceof ApiRefusal && !REFUSALS.includes(error.status)) {
        this.#problems.push(`the API answered ${error.message}`);
      }
    });
    await Promise.race([acting, delay(PATIENCE_MS)]);
  }

  async #look(): Promise<void> {
    const { observer } = this.#stage;
    const requests = await observer.requests();
    const now = Date.now();
    const problems = [
      ...this.#problems,
      ...(await observer.violations()),
      ...requests.flatMap(selfDecided),
      ...this.#terminals
        .filter(({ isClosed }) => !isClosed)
        .flatMap(({ requestId }) => {
          const request = requests.find(({ id }) => id === requestId);
          const end = request && endOf(request);
          return end !== undefined && now - end > CUT_MS
            ? `a terminal of ${requestId} is open ${now - end} ms after its end`
            : [];
        }),
      ...(await this.#useAfterEnd(requests)),
    ];
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
  }

  /** Asks for a terminal of the request that ended last. */
  async #useAfterEnd(requests: Seen[]): Promise<string[]> {
    const ended = requests.find(({ phase }) => isTerminal(phase));
    const { replicas } = this.#stage;
    if (!ended || replicas.length === 0) {
      return [];
    }
    const person = requesterOf('who may', ended);
    // One that is really there: nothing but the end stands in the way.
    const pod = await this.#stage.observer.aRunningPod(ended);
    const { status } = await replicas[0].api
      .post(person, `/requests/${ended.id}/sessions`, {
        namespace: ended.terms.targets[0].namespace,
        pod: pod?.metadata.name ?? 'none',
        container: pod?.spec?.containers?.[0].name ?? 'none',
        columns: 80,
        rows: 24,
      })
      .catch(() => ({ status: 0 }));
    const page = await replicas[0].api
      .see(person, ended.id)
      .catch(() => undefined);
    return [
      ...(status === 201 ? [`${ended.id} can be used after its end`] : []),
      ...(page && !isTerminal(page.phase)
        ? [`the page says ${page.phase} of ${ended.id}, which has ended`]
        : []),
    ];
  }

  /** When nothing breaks any more, everything comes right by itself. */
  async #end(): Promise<void> {
    this.#stage.proxy.clear();
    this.#stage.replicas.forEach(replica => replica.shiftClock(0));
    await eventually(
      async () => expect(await this.#edits.left()).toEqual([]),
      60_000,
    );
    await eventually(async () =>
      expect(await this.#stage.observer.pastTheirTargets()).toEqual([]),
    );
    await this.#stage.settle();
    await this.#stage.expectSoundTrail();
    await eventually(() =>
      expect(this.#terminals.filter(({ isClosed }) => !isClosed)).toEqual([]),
    );
    this.#terminals = [];
  }
}

/** When the record says that a request ended, whoever has noticed. */
function endOf({ entries }: Seen): number | undefined {
  const instants = entries.flatMap(entry => {
    switch (entry.kind) {
      case 'ended':
        return Date.parse(entry.at);
      case 'started':
        return Date.parse(entry.expiresAt);
      default:
        return [];
    }
  });
  const end = Math.min(...instants);
  return end < Date.now() ? end : undefined;
}

function ask(
  api: AccessApi,
  { person, component, seconds }: Extract<Action, { do: 'ask' | 'get in' }>,
): Promise<unknown> {
  return api.ask(person, {
    entityRef: `component:default/${component}`,
    cluster: 'test',
    durationSeconds: seconds,
  });
}

function requesterOf(person: Somebody, { requester }: Seen): string {
  return person === 'who may'
    ? requester.slice(requester.lastIndexOf('/') + 1)
    : person;
}

/** An owner who did not ask. */
function approverOf(person: Somebody, request: Seen): string {
  const owners = request.terms.entityRef.endsWith('payments-api')
    ? ['olga', 'omar']
    : ['ada', 'sam'];
  const requester = requesterOf('who may', request);
  return person === 'who may'
    ? owners.filter(owner => owner !== requester)[0]
    : person;
}

function selfDecided({ id, requester, entries }: Seen): string[] {
  return entries.flatMap(entry =>
    entry.kind === 'decided' && entry.actor === requester
      ? `${id} was decided by its requester`
      : [],
  );
}
