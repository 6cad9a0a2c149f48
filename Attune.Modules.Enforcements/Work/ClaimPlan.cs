namespace Attune.Modules.Enforcements.Work;

/// <summary>
/// How the planner is to plan the statements that take work from a table. Rows that wait are few and come and go, so the planner's
/// picture of them is always wrong, and compiling such small statements would take longer than running them.
/// </summary>
internal static class ClaimPlan
{
    /// <summary>
    /// Goes before a claim: told not to sort, the planner walks the index of waiting rows instead of reading all of them for each batch.
    /// </summary>
    public const string ByIndex = "SET LOCAL jit = off; SET LOCAL enable_sort = off; ";

    /// <summary>Goes before what is done with a claim.</summary>
    public const string Usual = "SET LOCAL jit = off; SET LOCAL enable_sort = on; ";
}
