/** Somebody whom a visitor of the demo can be. */
export interface DemoPerson {
  /** The name of the user in the catalog. */
  name: string;
  displayName: string;
  team: string;
  /** What this person is for in the story. */
  story: string;
}

/** The people of the demo, in the order in which the story meets them. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    name: 'ada',
    displayName: 'Ada',
    team: 'Storefront',
    story: 'Asks for a shell in the pods of payments-api.',
  },
  {
    name: 'olga',
    displayName: 'Olga',
    team: 'Payments',
    story: 'Owns payments-api: she approves, denies or revokes.',
  },
  {
    name: 'omar',
    displayName: 'Omar',
    team: 'Payments',
    story: 'Owns it too. One approval, his or Olga’s, is enough.',
  },
  {
    name: 'sam',
    displayName: 'Sam',
    team: 'Storefront',
    story: 'Works with Ada, but has no say in what payments owns.',
  },
  {
    name: 'pia',
    displayName: 'Pia',
    team: 'Platform',
    story: 'Administrator: sees and ends everything, approves nothing.',
  },
];
