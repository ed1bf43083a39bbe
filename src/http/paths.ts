/** The list of the members, as JSON and as a page. */
export const MEMBERLIST_PATH = '/api/v1alpha1/memberlist';

/** What changed lately, as JSON and as a page. */
export const EVENTS_PATH = '/api/v1alpha1/events';

/** The pages of single members; the id follows, percent-encoded. */
export const MEMBERS_PATH = '/members/';

/** What a node has to say of itself. */
export const LOCAL_INFO_PATH = '/api/v1alpha1/local/info';

/** What a node tells of its cluster. */
export const LOCAL_METADATA_PATH = '/api/v1alpha1/local/metadata';

/** Has a node try further targets to find others by. */
export const LOCAL_JOIN_PATH = '/api/v1alpha1/local/join';

/** Has a node leave its mesh. */
export const LOCAL_LEAVE_PATH = '/api/v1alpha1/local/leave';

/** Single members, for programs; the id follows, percent-encoded. */
export const MEMBERS_API_PATH = '/api/v1alpha1/members/';
