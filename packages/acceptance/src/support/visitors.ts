import { test as base } from '@playwright/test';
import type { Name } from './Person';
import { PersonInBrowser } from './PersonInBrowser';

/** A test in which people sit down in front of browsers, and leave when it is over. */
export const test = base.extend<{
  sitsDown(name: Name): Promise<PersonInBrowser>;
}>({
  sitsDown: async ({ browser }, use) => {
    const people: PersonInBrowser[] = [];
    await use(async name => {
      const person = await PersonInBrowser.signIn(browser, name);
      people.push(person);
      return person;
    });
    await Promise.all(people.map(person => person.leaves()));
  },
});
