using System.Text;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Attune.Host.Http;

/// <summary>
/// Refuses bodies of the API that are packed or no JSON, where the address takes the method at all: that there is nothing is said
/// first. Routes with <see cref="ExternalSenders"/> read what they are sent, whatever it is called, and unpack it.
/// </summary>
internal sealed class BodyRules(AddressMethods methods) : IMiddleware
{
    private static readonly string[] Packings = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"];

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        return ErrorAnswer.IsApi(request)
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && request.ContentLength is not 0
            && Mistake(context) is { } mistake
            && methods.At(request.Path).Contains(request.Method)
            ? ErrorAnswer.WriteAsync(context, mistake, context.RequestAborted)
            : next(context);
    }

    private static ApiError? Mistake(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ExternalSenders>() is not null)
        {
            return null;
        }

        if (Packing(context.Request) is { } packing)
        {
            context.Response.Headers.AcceptEncoding = "identity";
            return Refused($"The body must be sent as it is, without the Content-Encoding {packing}.", "Content-Encoding");
        }

        return !context.Request.HasJsonContentType() ? Refused("The body must be JSON, with the content type application/json.")
            : UnknownCharset(context.Request) is { } charset
                ? Refused($"The character set '{charset}' is not known; JSON is UTF-8.", "Content-Type")
                : null;
    }

    private static ApiError Refused(string message, string? field = null) => new(StatusCodes.Status415UnsupportedMediaType, message, field);

    // Nothing here unpacks the body of a program's call: its limits are those of what is sent. Some name the character set in this header, which harms nobody.
    private static string? Packing(HttpRequest request) => request.Headers.ContentEncoding.ToString().Split(
        ',', StringSplitOptions.TrimEntries)
        .FirstOrDefault(name => Packings.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static string? UnknownCharset(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
        {
            return null;
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        try
        {
            Encoding.GetEncoding(charset);
            return null;
        }
        catch (ArgumentException)
        {
            return charset;
        }
    }
}
