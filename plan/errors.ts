/** Something the user can fix: the command line prints its message alone and exits with 1. */
export class UserError extends Error {
    override readonly name = "UserError";
}
