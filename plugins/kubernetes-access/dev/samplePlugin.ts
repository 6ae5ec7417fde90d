import { ApiBlueprint } from '@backstage/frontend-plugin-api';
import kubernetesAccessPlugin from '../src/alpha';
import { kubernetesAccessApiRef } from '../src';
import { sampleApi } from './sampleApi';

/** The plugin with a fake of its API. */
export const samplePlugin = kubernetesAccessPlugin.withOverrides({
  extensions: [
    ApiBlueprint.make({
      params: defineParams =>
        defineParams({
          api: kubernetesAccessApiRef,
          deps: {},
          factory: () => sampleApi(signedInUser()),
        }),
    }),
  ],
});

const USER_KEY = 'kubernetes-access-dev-user';

function signedInUser(): string {
  const chosen = new URLSearchParams(window.location.search).get('as');
  if (chosen) {
    window.sessionStorage.setItem(USER_KEY, chosen);
  }
  return `user:default/${window.sessionStorage.getItem(USER_KEY) ?? 'ada'}`;
}
