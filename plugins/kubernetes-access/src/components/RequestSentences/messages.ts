/** How a request came to where it is, in sentences. Part of the plugin's translations, under `sentences`. */
export const sentenceMessages = {
  lapsed: 'Lapsed at {{time}}: nobody decided in time.',
  notStarted: 'Ended at {{time}}: the access could not be set up in time.',
  expired: 'Ended at {{time}}: the time was up.',
  expiredMine: 'Ended at {{time}}: your time was up.',
  withdrawn: 'Withdrawn by {{person}} at {{time}}.',
  withdrawnMine: 'You withdrew your request at {{time}}.',
  cancelled: 'Ended by {{person}} at {{time}}.',
  cancelledMine: 'You ended it at {{time}}.',
  revoked: 'Ended at {{time}} by {{person}}.',
  revokedBecause: 'Ended at {{time}} by {{person}}: ‘{{comment}}’',
  deleted:
    'Ended at {{time}}: its AccessRequest was deleted in the cluster, outside of Backstage.',
  tampered:
    'Ended at {{time}}: its AccessRequest was changed in the cluster, outside of Backstage.',
  failed: 'Failed at {{time}}: the access could not be set up.',
  denied: 'Denied by {{person}} at {{time}}.',
  deniedBecause: 'Denied by {{person}}: ‘{{comment}}’',
  decidedApprove: '{{person}} approved {{when}}.',
  removing: 'What was set up in the cluster is being removed.',
  removalFailing:
    'What was set up in the cluster could not be removed yet; it is tried again. Nobody can use it through Backstage.',
} as const;
