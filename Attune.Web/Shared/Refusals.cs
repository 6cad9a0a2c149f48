using Attune.Db;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>Shows what a module refuses to do, in its own words; anything else that goes wrong is the error boundary's.</summary>
public static class Refusals
{
    /// <summary>Does it; false when it was refused, and then the reader has been told why.</summary>
    public static async Task<bool> TryAsync(this ISnackbar snackbar, Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (RefusedException refusal)
        {
            snackbar.Add(refusal.Message, Severity.Error);
            return false;
        }
    }
}
