import { Person } from '../support/Person';
import { readApiServer, type Place } from './ApiServer';
import { openSession } from './terminals/ours';
import { raw } from './terminals/raw';
import { type Terminal, untilPrompt } from './terminals/Terminal';

/** Which terminal to flood: that of a request, or one straight at the API server. */
export interface Flood {
  place: Place;
  through?: { person: Person['name']; requestId: string };
}

/**
 * A process of its own that floods a terminal and reads it, as another person's browser would: in the process of the
 * typist, its own work would be measured.
 *
 * Its argument is a {@link Flood} as JSON. It says `flooding` and goes on until nobody listens to it any more.
 */
async function main(flood: Flood): Promise<void> {
  const terminal = await open(flood);
  await untilPrompt(terminal);
  terminal.type(Buffer.from('yes flooding the terminal\n'));
  process.send?.('flooding');
  process.once('disconnect', () => {
    terminal.close();
    process.exit(0);
  });
}

async function open({ place, through }: Flood): Promise<Terminal> {
  if (!through) {
    return raw(await readApiServer(), place).open();
  }
  const person = await Person.signIn(through.person);
  return openSession(person, through.requestId, place);
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
