using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;

namespace Attune.Host.Http;

/// <summary>Writes an error: as JSON for programs, and as its sentence for a reader who asked for a page.</summary>
internal static class ErrorAnswer
{
    // Read by people at a terminal as much as by programs: an apostrophe stays one.
    private static readonly JsonSerializerOptions Readable = new(Json.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Below it lies what is meant for programs alone.</summary>
    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api");

    /// <summary>Whether the request is for a page to be read in a browser.</summary>
    public static bool IsForReader(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !IsApi(request)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    public static async Task WriteAsync(HttpContext context, ApiError error, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (IsForReader(context.Request))
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(error.Message, cancellationToken);
        }
        else
        {
            await response.WriteAsJsonAsync(error.Body, Readable, cancellationToken);
        }
    }
}
