import { createTranslationRef } from '@backstage/core-plugin-api/alpha';
import { accessMessages } from './components/AccessTab/messages';
import { approvalMessages } from './components/ApprovalQueue/messages';
import { formMessages } from './components/RequestForm/messages';
import { sentenceMessages } from './components/RequestSentences/messages';
import { pageMessages } from './components/KubernetesAccessPage/messages';
import { actionsMessages } from './components/RequestActions/messages';
import { requestPageMessages } from './components/RequestPage/messages';
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
    sentences: sentenceMessages,
    access: accessMessages,
    form: formMessages,
    approvals: approvalMessages,
    terminal: terminalMessages,
    actions: actionsMessages,
    page: pageMessages,
    requestPage: requestPageMessages,
  },
});
