using System.Globalization;
using Attune.Db;
using Attune.Db.Faults;
using Attune.Host.Telemetry;

namespace Attune.Host.Http;

/// <summary>Gives every error one shape, whether a module refused, the framework did, or something broke.</summary>
internal sealed partial class RequestErrors(AddressMethods methods, SecretPaths secrets, ILogger<RequestErrors> logger) : IMiddleware
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody reads an answer, and nothing is wrong here.
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : ClientClosedRequest;
            return;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(context, Describe(context, error), context.RequestAborted);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 })
        {
            await ErrorAnswer.WriteAsync(context, Describe(context), context.RequestAborted);
        }
    }

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
            // The server's word for the size of a chunk that no number holds; it is not of the database.
            case IOException { InnerException: OverflowException }:
                return new(StatusCodes.Status400BadRequest, "The body cannot be read: the size of one of its chunks is not one.");
            case var fault when OfDatabase(context, fault) is { } answer:
                return answer;
            default:
                Log.Unforeseen(logger, error, context.Request.Method, secrets.Of(context.Request));
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
                Log.Unfit(logger, error.Message, context.Request.Method, secrets.Of(context.Request));
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
            Log.NoDatabase(logger, error.Message, context.Request.Method, secrets.Of(context.Request));
            context.Response.Headers.RetryAfter = "2";
            return new(StatusCodes.Status503ServiceUnavailable, message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
        public static partial void Unforeseen(ILogger logger, Exception error, string method, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} brought a value that only the database refused: {Reason}")]
        public static partial void Unfit(ILogger logger, string reason, string method, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not be answered, for want of the database: {Reason}")]
        public static partial void NoDatabase(ILogger logger, string reason, string method, string path);
    }
}
