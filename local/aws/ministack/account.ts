/** The account that MiniStack serves unless it is told another one: 12 digits. */
export const accountId = "000000000000";
