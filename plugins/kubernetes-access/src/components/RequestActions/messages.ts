/** What one can do with a request. Part of the plugin's translations, under `actions`. */
export const actionsMessages = {
  revoke: 'Revoke…',
  revokeConfirm: 'Revoke',
  revokeTitle: 'Revoke the access of {{requester}}?',
  revokeText:
    'Every open terminal of {{requester}} in {{entity}} closes at once, in the middle of whatever runs there, and no new one opens. It cannot be undone; {{requester}} can ask again.',
  revokeTextStarting:
    'The access that was approved does not begin. {{requester}} can ask again.',
  revokeComment: 'Why (optional)',
  revokeCommentHelp: '{{requester}} gets to read this, and it stays on record.',
  revokeFailed: 'The access was not revoked.',
  withdraw: 'Withdraw',
  withdrawTitle: 'Withdraw your request?',
  withdrawText:
    'Nobody is asked to decide on it any more, and you get no access to {{entity}}. You can ask again.',
  withdrawFailed: 'The request was not withdrawn.',
  end: 'End now',
  endTitle: 'End your access now?',
  endText:
    'Your open terminals in {{entity}} close at once, in the middle of whatever runs there. Nobody else loses theirs. To get in again you have to ask again.',
  endFailed: 'The access was not ended.',
} as const;
