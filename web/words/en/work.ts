/** Words of an agent's work on items: the item's page, its actions, the keyboard. */
export const work = {
  actions: 'Actions for this item',
  conversation: 'Conversation',
  about: 'About this item',
  justNow: 'just now',
};
