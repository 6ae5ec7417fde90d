import { IdentityApi } from '@backstage/frontend-plugin-api';
import { ChoiceStorage, forgetChosenPerson } from './chosenPerson';

/** The same identity, whose sign-out also forgets the choice; otherwise the next page would sign in again. */
export function forgetOnSignOut(
  identity: IdentityApi,
  storage: ChoiceStorage,
): IdentityApi {
  const signOut = identity.signOut.bind(identity);
  return Object.assign(identity, {
    signOut: async () => {
      forgetChosenPerson(storage);
      await signOut();
    },
  });
}
