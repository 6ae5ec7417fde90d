import { DEMO_PEOPLE, DemoPerson } from './people';

const KEY = 'demo-person';

/** Where the choice is kept: of one tab, so that two tabs can be two people. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Who this tab has chosen to be, if that person (still) exists. */
export function readChosenPerson(
  storage: ChoiceStorage,
): DemoPerson | undefined {
  const name = storage.getItem(KEY);
  return DEMO_PEOPLE.find(person => person.name === name);
}

export function rememberChosenPerson(
  storage: ChoiceStorage,
  person: DemoPerson,
): void {
  storage.setItem(KEY, person.name);
}

export function forgetChosenPerson(storage: ChoiceStorage): void {
  storage.removeItem(KEY);
}
