import { setTimeout as sleep } from 'node:timers/promises';
import { BareClient } from '../BareClient';
import { createBareGrant, deleteBareGrant } from '../bareGrant';
import type { Figure } from '../Figure';
import { OURS } from '../Figure';
import type { Scene } from '../Scene';
import { Signals } from '../Signals';
import { percentile } from '../statistics';
import { openSession } from '../terminals/ours';
import type { Terminal, Way } from '../terminals/Terminal';
import { run, untilOutput, untilPrompt } from '../terminals/Terminal';

/** Nobody approves in the second in which they are asked. */
const THINKING_MS = 500;

/**
 * From the approver's click to the requester's prompt, whose page opens the terminal as soon as it hears that it can;
 * beside the same objects written by hand and a raw exec.
 *
 * @param rawWay - to the pod of `scene.other`
 */
export async function approveToShell(
  scene: Scene,
  rawWay: Way,
  rounds: number,
): Promise<Figure[]> {
  const samples: Record<string, number[]> = { [OURS]: [], 'bare client': [] };
  const client = new BareClient(scene.server);
  const signals = await Signals.listen(scene.requester);
  for (let round = 0; round < rounds; round++) {
    samples[OURS].push(await approveAndOpen(scene, signals));
    samples['bare client'].push(
      await grantByHand(client, scene, rawWay, `bench-${round}`),
    );
  }
  signals.close();
  client.close();
  return figuresOf('approve → first prompt', samples);
}

async function approveAndOpen(
  { requester, approver, other }: Scene,
  signals: Signals,
): Promise<number> {
  const asked = await requester.ask(other.component);
  await sleep(THINKING_MS);
  const began = performance.now();
  const [terminal] = await Promise.all([
    signals
      .untilActive(asked.id)
      .then(() => openSession(requester, asked.id, other.place)),
    approver.approve(asked),
  ]);
  await untilPrompt(terminal);
  const took = performance.now() - began;
  terminal.close();
  await requester.api.cancelRequest(asked.id, {});
  await requester.seesRemoved(asked.id);
  return took;
}

async function grantByHand(
  client: BareClient,
  { other: { place } }: Scene,
  rawWay: Way,
  name: string,
): Promise<number> {
  const began = performance.now();
  await createBareGrant(client, name, place);
  const terminal = await rawWay.open();
  await untilPrompt(terminal);
  const took = performance.now() - began;
  await leave(terminal);
  await deleteBareGrant(client, name, place);
  return took;
}

/**
 * From the end of a request to the end of its streams and of the processes that were started in them. Nothing to
 * compare it with: kubectl's streams never end.
 *
 * @param rawWay - to the pod of `scene.other`, for somebody who looks at its processes
 */
export async function revokeToDead(
  scene: Scene,
  rawWay: Way,
  rounds: number,
): Promise<Figure[]> {
  const streams: number[] = [];
  const processes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { stream, shell } = await revokeUnderOutput(scene, rawWay);
    streams.push(stream);
    processes.push(shell);
  }
  return [
    ...figuresOf('revoke → stream dead, under output', { [OURS]: streams }),
    ...figuresOf('revoke → its processes gone', { [OURS]: processes }),
  ];
}

async function revokeUnderOutput(
  { requester, approver, other }: Scene,
  rawWay: Way,
): Promise<{ stream: number; shell: number }> {
  const asked = await requester.ask(other.component);
  await approver.approve(asked);
  const { id } = await requester.seesPhase(asked.id, 'Active');
  const terminal = await openSession(requester, id, other.place);
  await untilPrompt(terminal);
  const processId = await processIdOf(terminal);
  const onlooker = await rawWay.open();
  await untilPrompt(onlooker);
  const isGone = untilProcessEnds(onlooker, processId);
  terminal.type(Buffer.from('while :; do echo running; sleep 0.01; done\n'));
  await sleep(200);
  const began = performance.now();
  const since = () => performance.now() - began;
  const [stream, shell] = await Promise.all([
    terminal.closed.then(since),
    isGone.then(since),
    approver.api.revokeRequest(id, {}),
  ]);
  await leave(onlooker);
  await requester.seesRemoved(id);
  return { stream, shell };
}

async function processIdOf(terminal: Terminal): Promise<string> {
  const output = await run(terminal, 'echo "shell=$$;"');
  const [, processId] = /shell=(\d+);/.exec(output) ?? [];
  if (!processId) {
    throw new Error(`The shell did not say which process it is: ${output}`);
  }
  return processId;
}

async function untilProcessEnds(
  onlooker: Terminal,
  processId: string,
): Promise<void> {
  const gone = untilOutput(onlooker, output => output.includes('is gone'));
  onlooker.type(
    Buffer.from(
      `while test -d /proc/${processId}; do sleep 0.02; done; echo is" "gone\n`,
    ),
  );
  await gone;
}

/** Nobody ends the shell of an exec whose WebSocket merely breaks. */
async function leave(terminal: Terminal): Promise<void> {
  terminal.type(Buffer.from('exit\n'));
  await terminal.closed;
}

function figuresOf(
  scenario: string,
  samples: Record<string, number[]>,
): Figure[] {
  return Object.entries(samples).flatMap(([contender, values]) =>
    [0.5, 0.99].map(
      (share): Figure => ({
        scenario,
        measure: `p${share * 100}`,
        unit: 'ms',
        contender,
        value: percentile(values, share),
      }),
    ),
  );
}
