using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Faults;
using Attune.Host.Access;
using Attune.Host.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Attune.Host.Http;

/// <summary>Gives every error of the API one shape, whether a module refused, the framework did, or something broke.</summary>
internal sealed partial class ApiErrors(ApiMethods methods, ILogger<ApiErrors> logger) : IMiddleware
{
    private const int ClientClosedRequest = 499;

    private static readonly string[] Packings = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"];

    // Read by people at a terminal as much as by programs: an apostrophe stays one.
    private static readonly JsonSerializerOptions Readable = new(Json.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (Packing(context.Request) is { } packing)
            {
                context.Response.Headers.AcceptEncoding = "identity";
                await AnswerAsync(context, new(StatusCodes.Status415UnsupportedMediaType,
                    $"The body must be sent as it is, without the Content-Encoding {packing}.", "Content-Encoding"));
            }
            else if (HasOtherContent(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            }
            else
            {
                await next(context);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody reads an answer, and nothing is wrong here.
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : ClientClosedRequest;
            return;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, Describe(context, error));
            return;
        }

        if (IsApi(context) && context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 })
        {
            await AnswerAsync(context, Describe(context));
        }
    }

    // Nothing here unpacks a body: its limits are those of what is sent. Some name the character set in this header, which harms nobody.
    private static string? Packing(HttpRequest request) => IsApi(request.HttpContext)
        ? request.Headers.ContentEncoding.ToString().Split(',', StringSplitOptions.TrimEntries)
            .FirstOrDefault(name => Packings.Contains(name, StringComparer.OrdinalIgnoreCase))
        : null;

    // Webhooks are sent by programs that were written for others; the module reads what they send.
    private static bool HasOtherContent(HttpRequest request) =>
        IsApi(request.HttpContext)
        && !RequestGuard.IsWebhook(request)
        && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        && request.ContentLength is not 0
        && !request.HasJsonContentType();

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    private ApiError Describe(HttpContext context, Exception error)
    {
        switch (error)
        {
            case RefusedException refused:
                if (refused.RetryAfter is { } wait)
                {
                    // Whole seconds, and not too soon.
                    context.Response.Headers.RetryAfter =
                        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                }

                return ApiError.Of(refused);
            case BadHttpRequestException bad:
                return BadRequests.Explain(bad);
            case var fault when OfDatabase(context, fault) is { } answer:
                return answer;
            default:
                Log.Unforeseen(logger, error, context.Request.Method, SecretPaths.Of(context.Request));
                return new(StatusCodes.Status500InternalServerError, "Something went wrong; the log of Attune says what.");
        }
    }

    // What the framework refused without throwing.
    private ApiError Describe(HttpContext context)
    {
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
                when methods.At(context.Request.Path) is [_, ..] taken && !taken.Contains(context.Request.Method):
                context.Response.Headers.Allow = string.Join(", ", taken);
                return new(StatusCodes.Status405MethodNotAllowed,
                    $"{context.Request.Method} is not what this address takes, but {context.Response.Headers.Allow}.");
            case StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed:
                context.Response.Headers.Remove("Allow");
                return new(StatusCodes.Status404NotFound, "There is nothing at this address.");
        }

        return context.Response.StatusCode switch
        {
            StatusCodes.Status415UnsupportedMediaType => new(
                StatusCodes.Status415UnsupportedMediaType, "The body must be JSON, with the content type application/json."),
            StatusCodes.Status503ServiceUnavailable => new(StatusCodes.Status503ServiceUnavailable, "Attune is stopping."),
            var status => new(status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
        };
    }

    private ApiError? OfDatabase(HttpContext context, Exception error)
    {
        switch (DatabaseFault.KindOf(error))
        {
            case FaultKind.Duplicate:
                return new(StatusCodes.Status409Conflict, "It exists already.");
            case FaultKind.Unfit:
                Log.Unfit(logger, error, context.Request.Method, SecretPaths.Of(context.Request));
                return new(StatusCodes.Status422UnprocessableEntity, "A value is not one that the database takes.");
            case FaultKind.ReadOnly:
                return Later("The database takes no changes at the moment: it is read only.");
            case FaultKind.Conflict:
                return Later("Another change stood in the way of this one; nothing was changed. Try again.");
            case FaultKind.Unreachable or FaultKind.TimedOut:
                return Later("The database cannot be reached at the moment.");
            default:
                return null;
        }

        ApiError Later(string message)
        {
            Log.NoDatabase(logger, error.Message, context.Request.Method, SecretPaths.Of(context.Request));
            context.Response.Headers.RetryAfter = "2";
            return new(StatusCodes.Status503ServiceUnavailable, message);
        }
    }

    private static async Task AnswerAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (IsApi(context))
        {
            await response.WriteAsJsonAsync(error.Body, Readable, context.RequestAborted);
        }
        else
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync(error.Message, context.RequestAborted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
        public static partial void Unforeseen(ILogger logger, Exception error, string method, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} brought a value that only the database refused")]
        public static partial void Unfit(ILogger logger, Exception error, string method, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not be answered, for want of the database: {Reason}")]
        public static partial void NoDatabase(ILogger logger, string reason, string method, string path);
    }
}
