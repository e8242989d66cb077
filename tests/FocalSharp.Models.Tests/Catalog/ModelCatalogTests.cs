using FocalSharp.Models.Catalog;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class ModelCatalogTests
{
    [Fact]
    public void Names_are_words_that_a_shell_and_a_folder_take_and_each_is_there_once()
    {
        string[] names = [.. ModelCatalog.Entries.Select(entry => entry.Name)];

        Assert.All(names, name => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", name));
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Every_entry_says_whose_it_is_how_good_and_under_which_license()
    {
        Assert.All(ModelCatalog.Entries, entry =>
        {
            Assert.NotEmpty(entry.License);
            Assert.NotEmpty(entry.Notice);
            Assert.Matches(@"\d", entry.PublishedScore);
            Assert.True(entry.Source.TransferBytes > 1_000_000);
        });
    }

    [Fact]
    public void Web_files_come_over_https_and_carry_eight_digits_of_their_hash()
    {
        HttpModelSource[] files = [.. ModelCatalog.Entries.Select(entry => entry.Source).OfType<HttpModelSource>()];

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            Assert.Equal("https", file.Url.Scheme);
            Assert.Matches("^[0-9a-f]{8}$", file.HashPrefix);
            Assert.EndsWith($"-{file.HashPrefix}.pth", file.FileName, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Packed_files_are_known_to_the_last_byte()
    {
        foreach (NpmModelSource package in ModelCatalog.Entries.Select(entry => entry.Source).OfType<NpmModelSource>())
        {
            Assert.Equal(64, Convert.FromBase64String(package.Sha512).Length);
            Assert.All(package.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
            Assert.All(package.Files, file => Assert.DoesNotContain("..", file.Path, StringComparison.Ordinal));
        }
    }
}
