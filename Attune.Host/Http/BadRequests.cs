using Attune.Db.Http;

namespace Attune.Host.Http;

/// <summary>Says in words of our own what the server itself could not read of a request; the API refuses all else by name.</summary>
internal static class BadRequests
{
    public static ApiError Explain(BadHttpRequestException error) => new(error.StatusCode, error.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status413PayloadTooLarge => $"The body has more than {BodyLimit.Largest.Bytes} bytes.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too large.",
        _ => "The request cannot be read: it was broken off, or is not as HTTP has it.",
    });
}
