import { IdentityApi } from '@backstage/frontend-plugin-api';
import {
  ChoiceStorage,
  readChosenPerson,
  rememberChosenPerson,
} from './chosenPerson';
import { forgetOnSignOut } from './forgetOnSignOut';
import { DEMO_PEOPLE } from './people';

const [ada] = DEMO_PEOPLE;

/** What one tab remembers. */
function tab(): ChoiceStorage {
  const items = new Map<string, string>();
  return {
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: key => items.delete(key),
  };
}

function identity(signedOut: string[]): IdentityApi {
  return {
    getProfileInfo: async () => ({}),
    getBackstageIdentity: async () => ({
      type: 'user',
      userEntityRef: 'user:default/ada',
      ownershipEntityRefs: [],
    }),
    getCredentials: async () => ({}),
    signOut: async () => {
      signedOut.push('ada');
    },
  };
}

describe('the chosen person', () => {
  it('is nobody in a new tab', () => {
    expect(readChosenPerson(tab())).toBeUndefined();
  });

  it('is remembered in the tab that chose and in no other', () => {
    const mine = tab();
    rememberChosenPerson(mine, ada);
    expect(readChosenPerson(mine)).toBe(ada);
    expect(readChosenPerson(tab())).toBeUndefined();
  });

  it('is nobody when the remembered name is of nobody in the demo', () => {
    const mine = tab();
    rememberChosenPerson(mine, { ...ada, name: 'mallory' });
    expect(readChosenPerson(mine)).toBeUndefined();
  });

  it('is forgotten at sign-out, which still signs out', async () => {
    const mine = tab();
    const signedOut: string[] = [];
    rememberChosenPerson(mine, ada);

    await forgetOnSignOut(identity(signedOut), mine).signOut();

    expect(readChosenPerson(mine)).toBeUndefined();
    expect(signedOut).toEqual(['ada']);
  });
});
