/** What deciders read. Part of the plugin's translations, under `approvals`. */
export const approvalMessages = {
  none: 'Nothing waits for you.',
  noneMore:
    'When somebody asks for access that you can approve, it appears here by itself.',
  failed: 'The requests that wait for you could not be loaded.',
  asks: '{{person}} asks for a shell in {{entity}}',
  team: 'of {{teams}}',
  asked: 'Asked {{when}}',
  where: 'Where',
  pods: 'Pods',
  podsSelector: 'those that match {{selector}}',
  howLong: 'How long',
  lapses: 'Lapses',
  details: 'Details',
  waitsForOthers: '{{missing}} more must approve.',
  progress: '{{done}} of {{needed}} approvals are there.',
  consequence_one:
    '{{person}} gets a shell in {{count}} pod for {{duration}}, until about {{time}}.',
  consequence_other:
    '{{person}} gets a shell in {{count}} pods for {{duration}}, until about {{time}}.',
  consequenceUnknown:
    '{{person}} gets a shell in these pods for {{duration}}, until about {{time}}.',
  approve: 'Approve',
  approving: 'Approving …',
  deny: 'Deny…',
  denyTitle: 'Why not? {{person}} gets to read this.',
  denyReason: 'Reason',
  denyMissing: 'Say why, so that {{person}} knows what to do instead.',
  denyConfirm: 'Deny',
  denying: 'Denying …',
  decideFailed: 'Your decision was not recorded.',
} as const;
