using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Attune.Db.Http;

/// <summary>How much of a body is taken, and which setting says so.</summary>
public readonly record struct BodyLimit(int Bytes, string? Setting = null)
{
    /// <summary>What any route takes at most, 8 MiB; the server itself breaks off there.</summary>
    public static BodyLimit Largest { get; } = new(8 * 1024 * 1024);

    /// <exception cref="RefusedException">The body has more bytes.</exception>
    public void Check(long bytes)
    {
        if (bytes > Bytes)
        {
            throw Refusal();
        }
    }

    internal RefusedException Refusal() =>
        new(RefusalKind.TooLarge, null, $"The body has more than {Bytes} bytes{(Setting is null ? "" : $" ({Setting})")}.");
}

/// <summary>
/// The bytes of a request's body, in memory that is lent: <see cref="Dispose"/> gives it back, and nothing may keep the
/// <see cref="Bytes"/>. This is the one place where a body is read.
/// </summary>
public sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 2 * 1024;
    private const int StartBytes = 16 * 1024;

    // What a sender says of its length is believed up to here; more memory is taken as the bytes come.
    private const int TrustedBytes = 64 * 1024;

    private byte[] _memory;
    private int _length;

    private RequestBody(int capacity) => _memory = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlySpan<byte> Bytes => _memory.AsSpan(0, _length);

    /// <summary>False where the request says that no body follows.</summary>
    public static bool IsExpected(HttpRequest request) => request.ContentLength is > 0
        || (request.ContentLength is null
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false });

    /// <exception cref="RefusedException">The body is larger than the limit.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, BodyLimit limit, CancellationToken cancellationToken)
    {
        limit.Check(request.ContentLength ?? 0);
        var body = new RequestBody((int)Math.Min(request.ContentLength ?? FirstBytes, TrustedBytes));
        try
        {
            if (IsExpected(request))
            {
                await body.FillAsync(request, limit, cancellationToken);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>The first bytes of a body that is too large to be read: 16 KiB or somewhat more.</summary>
    internal static async ValueTask<RequestBody> ReadStartAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Where the server has a limit of its own, it would give none of them.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        var body = new RequestBody(StartBytes);
        try
        {
            for (var isEnd = false; !isEnd && body._length < StartBytes;)
            {
                var read = await request.BodyReader.ReadAsync(cancellationToken);
                body.Add(read.Buffer);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                isEnd = read.IsCompleted;
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = [];
        _length = 0;
    }

    private async ValueTask FillAsync(HttpRequest request, BodyLimit limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            limit.Check(_length + read.Buffer.Length);
            Add(read.Buffer);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private void Add(ReadOnlySequence<byte> part)
    {
        var length = _length + (int)part.Length;
        if (length > _memory.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * _memory.Length));
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_memory);
            _memory = larger;
        }

        part.CopyTo(_memory.AsSpan(_length));
        _length = length;
    }
}
