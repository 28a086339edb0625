/** Account that MiniStack serves by default: 12 digits. */
export const accountId = "000000000000";
