import { createTranslationRef } from '@backstage/core-plugin-api/alpha';
import { terminalMessages } from './components/Terminal/terminalMessages';
import { uiMessages } from './components/ui/messages';

/**
 * Every word that the plugin shows.
 * @alpha
 */
export const kubernetesAccessTranslationRef = createTranslationRef({
  id: 'kubernetes-access',
  messages: {
    entityContent: { title: 'Access' },
    ui: uiMessages,
    terminal: terminalMessages,
  },
});
