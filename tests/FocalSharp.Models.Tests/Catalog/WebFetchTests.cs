using FocalSharp.Models.Catalog;
using static FocalSharp.Models.Tests.Catalog.FileServer;
using static FocalSharp.Models.Tests.Catalog.ZooSample;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class WebFetchTests : IDisposable
{
    private readonly ZooSample _sample = new();
    private readonly string _name = $"tiny-{Hash(Content)[..8]}.pth";

    [Fact]
    public async Task A_file_is_fetched_checked_and_usable_without_the_server()
    {
        ModelEntry entry;
        using (FileServer server = new(Good(Content)))
        {
            entry = Web(server.Url(_name), Content);
            PullResult pulled = await _sample.PullAsync(entry);

            Assert.False(pulled.AlreadyCached);
            Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
            Assert.Equal(Hash(Content), pulled.Model.Sha256);
            Assert.Equal(_name, Path.GetFileName(pulled.Model.Path));
            Assert.Equal(entry.Notice, File.ReadAllText(Path.Combine(pulled.Model.Folder, "NOTICE.txt")));
        }

        Assert.Equal(Content.Length, _sample.Store(entry).Open(entry).Bytes);
        Assert.True((await _sample.PullAsync(entry)).AlreadyCached);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_sample.Cache, "partial")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_sample.Cache, "work")));
    }

    [Fact]
    public async Task Pulling_by_name_returns_the_weights_and_reports_the_bytes()
    {
        using FileServer server = new(Good(Content));
        ModelEntry entry = Web(server.Url(_name), Content, "tiny-net");
        LastValue bytes = new();

        string path = await _sample.Store(entry).PullAsync("Tiny-Net", bytes, TestContext.Current.CancellationToken);

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal(Content.Length, bytes.Value);
        ModelException error = await Assert.ThrowsAsync<ModelException>(() => _sample.Store(entry).PullAsync("tiny-nett"));
        Assert.Contains("Did you mean 'tiny-net'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_gone_on_from()
    {
        using FileServer server = new(Good(Content, breakAfter: 100_000), Good(Content, breakAfter: 70_000), Good(Content));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
        Assert.Equal([null, 100_000, 170_000], server.Requests.Select(request => request.From));
        Assert.Equal([null, "\"v1\"", "\"v1\""], server.Requests.Select(request => request.IfRange));
    }

    [Fact]
    public async Task A_later_process_goes_on_where_an_earlier_one_was_given_up()
    {
        using FileServer server = new(Good(Content, breakAfter: 100_000), Status(503), Status(503), Status(503), Status(503), Good(Content));
        ModelEntry entry = Web(server.Url(_name), Content);

        string message = await _sample.FailAsync(entry);
        PullResult pulled = await _sample.PullAsync(entry);

        Assert.Contains("503", message, StringComparison.Ordinal);
        Assert.Contains("0.1 MB are downloaded and will be resumed", message, StringComparison.Ordinal);
        Assert.Equal(100_000, server.Requests[^1].From);
        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
    }

    [Fact]
    public async Task A_part_that_lost_its_tail_or_its_record_does_no_harm()
    {
        using FileServer server = new(Good(Content, breakAfter: 100_000), Status(500), Status(500), Status(500), Status(500), Good(Content));
        ModelEntry entry = Web(server.Url(_name), Content);
        await _sample.FailAsync(entry);
        using (FileStream part = new(_sample.Partial(entry), FileMode.Open))
        {
            part.SetLength(60_000);
        }

        Assert.Equal(Content, File.ReadAllBytes((await _sample.PullAsync(entry)).Model.Path));
        Assert.Equal(60_000, server.Requests[^1].From);

        _sample.Store(entry).Remove(entry);
        File.WriteAllBytes(_sample.Partial(entry), Content[..50_000]);
        File.WriteAllText(_sample.Partial(entry) + ".json", "{ not json");
        Assert.Equal(Content, File.ReadAllBytes((await _sample.PullAsync(entry)).Model.Path));
        Assert.Null(server.Requests[^1].From);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_taken_from_the_start()
    {
        using FileServer server = new(Good(Content, breakAfter: 100_000), _ => new Response(200, Content));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
    }

    [Fact]
    public async Task Content_that_changed_between_two_parts_is_fetched_whole()
    {
        byte[] other = [.. Content.Select(value => (byte)(value ^ 1))];
        using FileServer server = new(Good(other, tag: "\"old\"", breakAfter: 100_000), Good(Content, tag: "\"new\""));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
    }

    [Fact]
    public async Task Parts_of_two_contents_that_a_careless_server_joined_are_noticed_and_fetched_whole()
    {
        byte[] other = [.. Content.Select(value => (byte)(value ^ 1))];
        using FileServer server = new(Good(other, tag: null, breakAfter: 100_000), Good(Content, tag: null), Good(Content, tag: null));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
        Assert.Contains("do not match", _sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_sends_another_part_than_asked_for_is_not_believed()
    {
        Func<Request, Response> wrong = _ => new Response(206, Content[..50_000], $"Content-Range: bytes 0-49999/{Content.Length}\r\n");
        using FileServer server = new(Good(Content, breakAfter: 100_000), wrong, Good(Content));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
    }

    [Fact]
    public async Task Other_content_under_the_name_is_refused_and_not_kept()
    {
        byte[] other = [.. Content.Select(value => (byte)(value ^ 1))];
        using FileServer server = new(Good(other));
        ModelEntry entry = Web(server.Url(_name), Content);

        string message = await _sample.FailAsync(entry);

        Assert.Contains("not what was published", message, StringComparison.Ordinal);
        Assert.Contains(Hash(Content)[..8], message, StringComparison.Ordinal);
        Assert.Contains(Hash(other)[..8], message, StringComparison.Ordinal);
        Assert.Contains("by other means, and pass the folder", message, StringComparison.Ordinal);
        Assert.Null(_sample.Store(entry).Find(entry));
        Assert.False(File.Exists(_sample.Partial(entry)));
    }

    [Fact]
    public async Task A_login_page_in_place_of_the_file_is_called_by_its_name()
    {
        using FileServer server = new(Good("\r\n<!DOCTYPE html><p>Welcome to our wireless network"u8.ToArray()));

        string message = await _sample.FailAsync(Web(server.Url(_name), Content));

        Assert.Contains("web page", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stated_length_beyond_reason_is_refused_before_a_byte_is_kept()
    {
        using FileServer server = new(_ => new Response(200, Content) { Length = 1L << 40 });
        ModelEntry entry = Web(server.Url(_name), Content);

        string message = await _sample.FailAsync(entry);

        Assert.Contains("1099511627776 bytes", message, StringComparison.Ordinal);
        Assert.False(File.Exists(_sample.Partial(entry)));
    }

    [Fact]
    public async Task A_body_without_end_and_without_length_is_cut_off()
    {
        byte[] much = new byte[Content.Length * 4];
        using FileServer server = new(_ => new Response(200, much) { Length = -1 });
        ModelEntry entry = Web(server.Url(_name), Content);

        string message = await _sample.FailAsync(entry);

        Assert.Contains("sent more than", message, StringComparison.Ordinal);
        Assert.False(File.Exists(_sample.Partial(entry)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_length_that_is_a_little_untrue_never_yields_a_model(int lie)
    {
        using FileServer server = new(_ => new Response(200, Content) { Length = Content.Length + lie });
        ModelEntry entry = Web(server.Url(_name), Content);

        await _sample.FailAsync(entry);

        Assert.Null(_sample.Store(entry).Find(entry));
    }

    [Fact]
    public async Task A_redirection_to_another_server_is_followed_and_reported()
    {
        using FileServer other = new(Good(Content));
        string elsewhere = other.Url(_name).AbsoluteUri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        using FileServer server = new(Status(302, $"Location: {elsewhere}\r\n"));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
        Assert.Contains("127.0.0.1 redirects to localhost", _sample.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/file")]
    [InlineData("http://user:secret@127.0.0.1/file")]
    public async Task A_redirection_to_where_no_model_can_be_is_refused(string target)
    {
        using FileServer server = new(Status(302, $"Location: {target}\r\n"));

        string message = await _sample.FailAsync(Web(server.Url(_name), Content));

        Assert.Contains("not followed", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirections_without_end_are_left()
    {
        using FileServer server = new(Status(302, "Location: /again\r\n"));

        string message = await _sample.FailAsync(Web(server.Url(_name), Content));

        Assert.Contains("redirected more than 5 times", message, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData(404, 1)]
    [InlineData(403, 1)]
    [InlineData(503, 5)]
    [InlineData(429, 5)]
    public async Task A_refusal_is_reported_at_once_and_a_temporary_error_after_patience(int status, int requests)
    {
        using FileServer server = new(Status(status, "Retry-After: 0\r\n"));

        string message = await _sample.FailAsync(Web(server.Url(_name), Content));

        Assert.Contains($"answered {status}", message, StringComparison.Ordinal);
        Assert.Contains("by other means, and pass the folder", message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task A_temporary_error_passes()
    {
        using FileServer server = new(Status(503), Status(500), Good(Content));

        Assert.Equal(Content, File.ReadAllBytes((await _sample.PullAsync(Web(server.Url(_name), Content))).Model.Path));
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_gone_on_from()
    {
        _sample.StallTimeout = TimeSpan.FromSeconds(3);
        using FileServer server = new(_ => new Response(200, Content, "ETag: \"v1\"\r\n") { BytesToSend = 100_000, StallAfterSend = true }, Good(Content));

        PullResult pulled = await _sample.PullAsync(Web(server.Url(_name), Content));

        Assert.Contains("no data for 3 s", _sample.Output, StringComparison.Ordinal);
        Assert.Equal(100_000, server.Requests[^1].From);
        Assert.Equal(Content, File.ReadAllBytes(pulled.Model.Path));
    }

    [Fact]
    public async Task No_server_at_all_is_reported_at_once_with_the_way_out()
    {
        Uri dead;
        using (FileServer server = new(Status(200)))
        {
            dead = server.Url(_name);
        }

        string message = await _sample.FailAsync(Web(dead, Content));

        Assert.Contains("no network?", message, StringComparison.Ordinal);
        Assert.Contains($"the folder that contains {_name}", message, StringComparison.Ordinal);
        Assert.Empty(_sample.Lines);
    }

    public void Dispose() => _sample.Dispose();

    private sealed class LastValue : IProgress<long>
    {
        public long Value { get; private set; }

        public void Report(long value) => Value = value;
    }
}
