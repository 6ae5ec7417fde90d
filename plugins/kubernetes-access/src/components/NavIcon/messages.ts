import { createTranslationRef } from '@backstage/core-plugin-api/alpha';

/**
 * The words of the navigation item. They are apart from the others because every page of the app shows them, while
 * the others are only loaded with the pages and tabs that say them.
 * @alpha
 */
export const kubernetesAccessNavTranslationRef = createTranslationRef({
  id: 'kubernetes-access-nav',
  messages: {
    title: 'Kubernetes access',
    waiting_one: '{{count}} request waits for you',
    waiting_other: '{{count}} requests wait for you',
  },
});
