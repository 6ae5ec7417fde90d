/** What the tab on an entity's page says. Part of the plugin's translations, under `access`. */
export const accessMessages = {
  tabs: 'Access',
  request: 'Request',
  approvals: 'Approvals',
  approvalsCount_one: '{{count}} request waits for you',
  approvalsCount_other: '{{count}} requests wait for you',
  terminal: 'Terminal',
  terminalNone: 'There is nothing to open: you have no access now.',
  terminalWaiting:
    'There is nothing to open yet: your request waits for a decision.',
  terminalSettingUp: 'There is nothing to open yet: it is being set up.',
  failed: 'What you may do here could not be found out.',
  none: 'You have no access to {{entity}}.',
  cannotAsk: 'Nothing can be asked for here now',
  cannotAskYet:
    'As soon as that is put right, the form appears here by itself.',
  ask: 'Request access',
  askAgain: 'Ask again',
  waiting: 'Waiting for {{people}}. You asked {{when}}.',
  waitingMore:
    'Waiting for {{people}}. You asked {{when}}. {{done}} of {{needed}} approvals are there.',
  settingUp: 'Approved by {{people}}. Your access is being set up.',
  active: 'Access until {{time}}, {{left}} left.',
  overdue: 'Your time is up.',
  openTerminal: 'Open terminal',
  details: 'Details',
  where: 'Where',
  howLong: 'How long',
  why: 'Why',
  otherPlaces: 'Ask for another place',
  mayNotDecide: 'You are none of those who decide on {{entity}}.',
  missingOr:
    'A label selector in the annotation {{annotation}} does as well, and wins over the other one.',
  openNow: 'Open on this entity',
  openNowNone: 'Nobody else has access or waits for it.',
  openNowFailed: 'The open requests could not be loaded.',
  openNowUntil: 'until {{time}}',
} as const;
