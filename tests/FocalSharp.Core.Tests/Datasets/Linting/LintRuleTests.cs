using FocalSharp.Datasets;
using FocalSharp.Datasets.Checks;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Core.Tests.Datasets.Linting;

public sealed class LintRuleTests
{
    public static TheoryData<string> Codes => [.. LintCatalogue.Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_set_that_breaks_a_rule_is_found_with_its_places_and_remedy(string code)
    {
        using TestFolder folder = new();
        (DetectionDataset set, int count, ImageFingerprint[]? prints, DatasetCheckOptions? options) = LintSets.Broken(code, folder);

        LintFinding finding = Assert.Single(DatasetCheck.Run(set, options, prints).Findings, finding => finding.Id == code);

        Assert.Equal(count, finding.Count);
        Assert.NotEmpty(finding.Examples);
        Assert.All(finding.Examples, example => Assert.NotEmpty(example.Text));
        Assert.NotEmpty(finding.Remedy);
    }

    [Fact]
    public void A_sound_set_has_no_finding()
    {
        DetectionDataset set = LintSets.Sound();

        Assert.Empty(DatasetCheck.Run(set, null, LintSets.Prints(set.Images.Count)).Findings);
    }

    [Fact]
    public void Codes_and_names_are_unique_in_order_and_well_formed()
    {
        string[] codes = [.. LintCatalogue.Rules.Select(rule => rule.Id)];

        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), codes);
        Assert.All(codes, code => Assert.Matches("^FS[1-5][0-9][0-9]$", code));
        Assert.Equal(codes.Length, LintCatalogue.Rules.Select(rule => rule.Name).Distinct().Count());
        Assert.All(LintCatalogue.Rules, rule => Assert.DoesNotContain('|', rule.Finds + rule.Remedy));
    }

    [Fact]
    public void Every_kind_of_fault_that_reading_reports_has_its_rule()
    {
        Assert.Equal(
            Enum.GetValues<DatasetProblemKind>().Order(),
            LintCatalogue.Rules.OfType<FocalSharp.Datasets.Linting.Rules.ReadingRule>().Select(rule => rule.Kind).Order());
    }

    [Fact]
    public void The_worst_come_first_and_examples_have_a_bound_that_the_count_has_not()
    {
        DetectionDataset set = LintSets.Sound();
        set = set with
        {
            Images = [.. set.Images.Select(image => image with { Objects = [] })],
            Problems = [new DatasetProblem(DatasetProblemKind.MissingImage, "a.json", "a.png", null, "text")],
        };

        IReadOnlyList<LintFinding> findings = DatasetCheck.Run(set, new DatasetCheckOptions { MostExamples = 4 }).Findings;

        Assert.Equal("FS101", findings[0].Id);
        LintFinding empty = Assert.Single(findings, finding => finding.Id == "FS309");
        Assert.Equal((40, 4), (empty.Count, empty.Examples.Count));
    }

    [Fact]
    public void The_page_on_data_sets_lists_every_rule_as_the_code_has_it()
    {
        string page = File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, "docs", "data.md"));
        string table = string.Concat(LintCatalogue.Rules.Select(rule =>
            $"| {rule.Id} | {rule.Name} | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Finds} | {rule.Remedy} |\n"));

        Assert.Contains(table, page, StringComparison.Ordinal);
    }
}
