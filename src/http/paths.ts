/** The list of the members, as JSON and as a page. */
export const MEMBERLIST_PATH = '/api/v1alpha1/memberlist';

/** What changed lately, as JSON and as a page. */
export const EVENTS_PATH = '/api/v1alpha1/events';

/** The pages of single members; the id follows, percent-encoded. */
export const MEMBERS_PATH = '/members/';
