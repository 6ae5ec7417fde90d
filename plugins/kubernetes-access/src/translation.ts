import { createTranslationRef } from '@backstage/core-plugin-api/alpha';
import { cardMessages } from './components/AccessCard/messages';
import { accessMessages } from './components/AccessTab/messages';
import { approvalMessages } from './components/ApprovalQueue/messages';
import { formMessages } from './components/RequestForm/messages';
import { sentenceMessages } from './components/RequestSentences/messages';
import { pageMessages } from './components/KubernetesAccessPage/messages';
import { actionsMessages } from './components/RequestActions/messages';
import { recordingMessages } from './components/Recording/messages';
import { requestPageMessages } from './components/RequestPage/messages';
import { terminalMessages } from './components/Terminal/terminalMessages';
import { uiMessages } from './components/ui/messages';

/**
 * Every word that the plugin shows, but for those of the navigation item.
 * @alpha
 */
export const kubernetesAccessTranslationRef = createTranslationRef({
  id: 'kubernetes-access',
  messages: {
    entityContent: { title: 'Access' },
    ui: uiMessages,
    sentences: sentenceMessages,
    access: accessMessages,
    card: cardMessages,
    form: formMessages,
    approvals: approvalMessages,
    terminal: terminalMessages,
    actions: actionsMessages,
    page: pageMessages,
    requestPage: requestPageMessages,
    recording: recordingMessages,
  },
});
