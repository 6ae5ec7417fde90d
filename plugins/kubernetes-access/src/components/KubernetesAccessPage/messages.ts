/** What the top-level page says. Part of the plugin's translations, under `page`. */
export const pageMessages = {
  title: 'Kubernetes access',
  subtitle: 'Shells in pods: asked for, approved, and gone again on time',
  tabs: 'Kubernetes access',
  toDecide: 'To decide',
  toDecideCount_one: '1 request waits for you',
  toDecideCount_other: '{{count}} requests wait for you',
  mine: 'Mine',
  mineCount_one: '1 open request of yours',
  mineCount_other: '{{count}} open requests of yours',
  mineOpen: 'Now',
  mineEnded: 'Earlier',
  mineEmpty: 'You have not asked for anything yet',
  mineEmptyWhy:
    'To get a shell in the pods of a component, open the component in the catalog and its tab Access.',
  mineFailed: 'Your requests cannot be shown now.',
  mineMore: 'Show more',
  rowDuration: '{{duration}}, asked {{asked}}',
  rowLeft: '{{time}} left',
  openTerminal: 'Open terminal',
  notFound: 'There is no such page',
} as const;
