using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;

namespace Attune.Web;

public sealed partial class App
{
    // Rendering on the server first would run every query twice and show nothing that is not live a moment later.
    private static readonly InteractiveServerRenderMode Live = new(prerender: false);

    [CascadingParameter]
    public required HttpContext Context { get; init; }

    private string Base => $"{Context.Request.PathBase}/";
}
