/** What the card on an entity's overview says beside the tab's own sentences. Under `card`. */
export const cardMessages = {
  title: 'Kubernetes access',
  more: 'Show all in the tab Access',
} as const;
