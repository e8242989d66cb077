using FocalSharp.Models.Catalog;
using static FocalSharp.Models.Tests.Catalog.FileServer;
using static FocalSharp.Models.Tests.Catalog.ZooSample;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class ModelStoreTests : IDisposable
{
    private readonly ZooSample _sample = new();
    private readonly string _name = $"tiny-{Hash(Content)[..8]}.pth";
    private readonly ModelEntry _entry = Web(new Uri($"http://127.0.0.1:9/files/tiny-{Hash(Content)[..8]}.pth"), Content);

    [Fact]
    public async Task A_file_that_is_here_already_needs_no_network()
    {
        File.WriteAllBytes(_sample.In(_name), Content);

        PullResult fromFolder = await _sample.PullAsync(_entry, _sample.In());
        Assert.Equal(Content, File.ReadAllBytes(fromFolder.Model.Path));
        _sample.Store(_entry).Remove(_entry);
        PullResult fromFile = await _sample.PullAsync(_entry, _sample.In(_name));

        Assert.Equal(Content, File.ReadAllBytes(fromFile.Model.Path));
        Assert.Equal(Content, File.ReadAllBytes(_sample.In(_name)));
        Assert.Contains($"copied from {_sample.In(_name)}", fromFile.Model.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_here_are_checked_like_fetched_ones()
    {
        File.WriteAllBytes(_sample.In(_name), [.. Content.Reverse()]);

        string changed = await _sample.FailAsync(_entry, _sample.In());
        string absent = await _sample.FailAsync(_entry, _sample.Cache);
        string nowhere = await _sample.FailAsync(_entry, _sample.In("nowhere"));

        Assert.Contains("not what was published", changed, StringComparison.Ordinal);
        Assert.Contains($"there is no {_name} in it", absent, StringComparison.Ordinal);
        Assert.Contains("no such file or folder", nowhere, StringComparison.Ordinal);
        Assert.Null(_sample.Store(_entry).Find(_entry));
    }

    [Fact]
    public async Task A_cached_file_that_was_changed_is_reported_and_fixed_by_another_pull()
    {
        File.WriteAllBytes(_sample.In(_name), Content);
        StoredModel model = (await _sample.PullAsync(_entry, _sample.In())).Model;
        byte[] changed = [.. Content];
        changed[12_345] ^= 1;
        File.WriteAllBytes(model.Path, changed);

        string message = Assert.Throws<ModelException>(() => _sample.Store(_entry).Open(_entry)).Message;
        PullResult repaired = await _sample.PullAsync(_entry, _sample.In());

        Assert.Contains("Download the model again", message, StringComparison.Ordinal);
        Assert.False(repaired.AlreadyCached);
        Assert.Equal(Content, File.ReadAllBytes(repaired.Model.Path));
    }

    [Fact]
    public async Task A_file_and_receipt_that_were_both_changed_do_not_pass_for_the_published_file()
    {
        File.WriteAllBytes(_sample.In(_name), Content);
        StoredModel model = (await _sample.PullAsync(_entry, _sample.In())).Model;
        byte[] other = [.. Content.Reverse()];
        string receipt = Path.Combine(model.Folder, "receipt.json");
        File.WriteAllBytes(model.Path, other);
        File.WriteAllText(receipt, File.ReadAllText(receipt).Replace(Hash(Content), Hash(other), StringComparison.Ordinal));

        Assert.Throws<ModelException>(() => _sample.Store(_entry).Open(_entry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1, 2")]
    [InlineData("{\"format\": 9, \"name\": \"tiny-net\"}")]
    public async Task A_receipt_that_says_nothing_counts_as_none(string text)
    {
        File.WriteAllBytes(_sample.In(_name), Content);
        StoredModel model = (await _sample.PullAsync(_entry, _sample.In())).Model;
        File.WriteAllText(Path.Combine(model.Folder, "receipt.json"), text);

        Assert.Null(_sample.Store(_entry).Find(_entry));
        Assert.False((await _sample.PullAsync(_entry, _sample.In())).AlreadyCached);
    }

    [Fact]
    public async Task Two_pulls_at_once_fetch_once()
    {
        using FileServer server = new(request =>
        {
            Thread.Sleep(300);
            return Good(Content)(request);
        });
        ModelEntry entry = Web(server.Url(_name), Content);

        PullResult[] pulled = await Task.WhenAll(
            Task.Run(() => _sample.PullAsync(entry)), Task.Run(() => _sample.PullAsync(entry)), Task.Run(() => _sample.PullAsync(entry)));

        Assert.Single(pulled, one => !one.AlreadyCached);
        Assert.Single(server.Requests);
        Assert.Contains("waiting for it", _sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_another_process_can_be_ended()
    {
        Directory.CreateDirectory(Path.Combine(_sample.Cache, "locks"));
        using FileStream other = new(Path.Combine(_sample.Cache, "locks", _entry.Name), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using CancellationTokenSource end = new(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _sample.Store(_entry).PullAsync(_entry, _sample.In(), _sample, end.Token));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_cleared_away()
    {
        File.WriteAllBytes(_sample.In(_name), Content);
        string left = Path.Combine(_sample.Cache, "work", "tiny-net.0123");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "half"), "half");

        await _sample.PullAsync(_entry, _sample.In());

        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_to_is_reported_with_the_variable_that_names_another()
    {
        File.WriteAllText(_sample.Cache, "a file where the folder should be");

        string message = await _sample.FailAsync(_entry, _sample.In());

        Assert.Contains("FOCALSHARP_CACHE", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_model_is_gone_and_removing_again_says_so()
    {
        File.WriteAllBytes(_sample.In(_name), Content);
        StoredModel model = (await _sample.PullAsync(_entry, _sample.In())).Model;

        Assert.True(_sample.Store(_entry).Remove(_entry));
        Assert.False(_sample.Store(_entry).Remove(_entry));
        Assert.False(Directory.Exists(model.Folder));
    }

    [Fact]
    public void Every_name_of_the_catalog_is_known_as_a_model()
    {
        ModelStore store = new(_sample.Cache);

        Assert.All(store.Entries, entry => Assert.Contains(
            $"{entry.Name} has not been downloaded yet",
            Assert.Throws<ModelException>(() => ModelZoo.Resolve(entry.Name, store)).Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_files_and_runs_are_distinguished()
    {
        File.WriteAllBytes(_sample.In(_name), Content);
        ModelStore store = _sample.Store(_entry);
        StoredModel model = (await _sample.PullAsync(_entry, _sample.In())).Model;
        Directory.CreateDirectory(_sample.In("run"));
        File.WriteAllBytes(_sample.In("run", "best.safetensors"), [1]);

        Assert.Equal(model.Path, ModelZoo.Resolve("tiny-net", store));
        Assert.Equal(model.Path, ModelZoo.Resolve("Tiny-Net", store));
        Assert.Equal(_sample.In(_name), ModelZoo.Resolve(_sample.In(_name), store));
        Assert.Equal(_sample.In("run", "best.safetensors"), ModelZoo.Resolve(_sample.In("run"), store));
    }

    [Fact]
    public void A_model_that_is_not_here_and_one_that_is_none_say_what_to_do()
    {
        ModelStore store = _sample.Store(_entry);

        Assert.Contains(
            "tiny-net has not been downloaded yet", Assert.Throws<ModelException>(() => ModelZoo.Resolve("tiny-net", store)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Did you mean 'tiny-net'?", Assert.Throws<ModelException>(() => ModelZoo.Resolve("tinynet", store)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Did you mean 'tiny-net'?", Assert.Throws<ModelException>(() => store.Get("tiny-ned")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no such file", Assert.Throws<ModelException>(() => ModelZoo.Resolve("runs/none", store)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();
}
