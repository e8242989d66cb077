using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FocalSharp.Models.Tests.Catalog;

/// <summary>
/// A web server that does exactly what a test specifies, right or wrong: one scripted answer a request, the last one ever after. It speaks raw
/// HTTP/1.1, since a decent server library refuses to lie.
/// </summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, Response>[] _script;
    private readonly List<Request> _requests = [];
    private readonly CancellationTokenSource _end = new();

    public FileServer(params Func<Request, Response>[] script)
    {
        _script = script;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url(string file) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/files/{file}");

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Serves content as a good server does: whole, or the part asked for where its tag still fits.</summary>
    public static Func<Request, Response> Good(byte[] content, string? tag = "\"v1\"", int? breakAfter = null) => request =>
    {
        bool part = request.From is { } from && from < content.Length && (request.IfRange is null || request.IfRange == tag);
        int start = part ? (int)request.From! : 0;
        string headers = (tag is null ? "" : $"ETag: {tag}\r\n")
            + (part ? $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}\r\n" : "");
        return new Response(part ? 206 : 200, content[start..], headers) { BytesToSend = breakAfter };
    };

    public static Func<Request, Response> Status(int status, string headers = "") => _ => new Response(status, [], headers);

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = RespondAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // the test is over
        }
    }

    private async Task RespondAsync(TcpClient client)
    {
        try
        {
            using TcpClient connection = client;
            NetworkStream stream = connection.GetStream();
            Request request = await Request.ReadAsync(stream, _end.Token);
            Response answer;
            lock (_requests)
            {
                answer = _script[Math.Min(_requests.Count, _script.Length - 1)](request);
                _requests.Add(request);
            }

            string length = answer.Length is -1 ? "" : $"Content-Length: {answer.Length ?? answer.Body.Length}\r\n";
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"HTTP/1.1 {answer.Status} As scripted\r\n{length}Connection: close\r\n{answer.Headers}\r\n"), _end.Token);
            await stream.WriteAsync(answer.Body.AsMemory(0, answer.BytesToSend ?? answer.Body.Length), _end.Token);
            if (answer.StallAfterSend)
            {
                await Task.Delay(Timeout.Infinite, _end.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // the client had enough, or the test is over
        }
    }

    internal sealed record Request(string Path, long? From, string? IfRange)
    {
        public static async Task<Request> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
        {
            StringBuilder text = new();
            byte[] one = new byte[1];
            while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, cancellationToken) == 1)
            {
                text.Append((char)one[0]);
            }

            string[] lines = text.ToString().Split("\r\n");
            string? Header(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];
            long? from = Header("Range") is { } range ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : null;
            return new Request(lines[0].Split(' ')[1], from, Header("If-Range"));
        }
    }

    /// <summary>An answer; by default its length is true and all of it is sent.</summary>
    internal sealed record Response(int Status, byte[] Body, string Headers = "")
    {
        /// <summary>The stated length: null for the true one, -1 for none.</summary>
        public long? Length { get; init; }

        /// <summary>Bytes that are sent before the connection ends; null for all.</summary>
        public int? BytesToSend { get; init; }

        /// <summary>Keeps the connection open and says no more.</summary>
        public bool StallAfterSend { get; init; }
    }
}
