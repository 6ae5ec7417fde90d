import { Person } from '../support/Person';
import { openSession } from './terminals/ours';
import { untilPrompt } from './terminals/Terminal';

/**
 * A process of its own that floods a terminal and reads it, as another person's browser would: in the process of the
 * typist, its own work would be measured.
 *
 * Arguments: who, the id of the request, and the place as JSON. It says `flooding` and goes on until it is ended.
 */
async function main([name, requestId, place]: string[]): Promise<void> {
  const person = await Person.signIn(name as Person['name']);
  const terminal = await openSession(person, requestId, JSON.parse(place));
  await untilPrompt(terminal);
  terminal.type(Buffer.from('yes flooding the terminal\n'));
  process.send?.('flooding');
  process.once('disconnect', () => process.exit(0));
}

main(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exit(1);
});
