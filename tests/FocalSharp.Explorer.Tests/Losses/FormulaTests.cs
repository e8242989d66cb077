using System.Globalization;
using System.Text.Json;
using FocalSharp.Explorer.Losses;
using FocalSharp.Explorer.Tests.Support;

namespace FocalSharp.Explorer.Tests.Losses;

/// <summary>The pages' formulas against the library's, number for number, in the browser that runs them.</summary>
[Collection(BrowserTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class FormulaTests(BrowserFixture browser, LossSite site)
{
    private const double Tolerance = 1e-6;
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static TheoryData<string> Losses => [.. LossEvaluator.Names];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task The_pages_formulas_equal_the_librarys_over_a_dense_grid(string name)
    {
        Dictionary<string, object>[] grid = [.. Grid(name)];
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(site.Address);

        JsonElement found = await visit.EvaluateAsync(
            $"grid => JSON.parse(grid).map(point => focalsharp.evaluate('{name}', point))", JsonSerializer.Serialize(grid));

        Assert.Equal(grid.Length, found.GetArrayLength());
        Assert.InRange(grid.Length, 3000, int.MaxValue);
        foreach ((Dictionary<string, object> point, JsonElement actual) in grid.Zip(found.EnumerateArray()))
        {
            object expected = LossEvaluator.Evaluate(name, new LossArguments(point.ToDictionary(pair => pair.Key, pair => Text(pair.Value))));
            Compare(JsonSerializer.SerializeToElement(expected, expected.GetType(), Web), actual, $"{name}({string.Join(", ", point.Select(p => $"{p.Key}: {Text(p.Value)}"))})");
        }
    }

    [Fact]
    public async Task The_server_answers_what_the_page_computes()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(new Uri(site.Address, "quality-focal-loss"));

        JsonElement pair = await visit.EvaluateAsync(
            """
            async () => [
              await (await fetch("api/losses/qfl?sigma=0.3&y=0.8&beta=1.5")).json(),
              focalsharp.evaluate("qfl", { sigma: 0.3, y: 0.8, beta: 1.5 })
            ]
            """);

        Compare(pair[0], pair[1], "qfl");
    }

    [Fact]
    public async Task An_unknown_loss_is_named()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(site.Address);

        string message = await visit.Page.EvaluateAsync<string>("() => { try { focalsharp.evaluate('toString', {}); return ''; } catch (error) { return error.message; } }");

        Assert.Contains("toString", message, StringComparison.Ordinal);
        Assert.Contains("qfl", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_shape_to_start_from_has_the_same_mean()
    {
        await using BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(new Uri(site.Address, "distribution-focal-loss"));
        foreach ((int n, double mean) in ((int, double)[])[(16, 6.3), (16, 8), (8, 3.2), (24, 12.75)])
        {
            JsonElement shapes = await visit.EvaluateAsync(
                "([n, mean]) => focalsharp.shapes.names.map(name => focalsharp.formulas.distribution(focalsharp.shapes.make(name, n, mean)))", new object[] { n, mean });

            Assert.Equal(4, shapes.GetArrayLength());
            Assert.All(shapes.EnumerateArray(), shape => Assert.Equal(mean, shape.GetProperty("expectation").GetDouble(), 1e-6));
            Assert.Equal(4, shapes.EnumerateArray().Select(shape => Math.Round(shape.GetProperty("deviation").GetDouble(), 1)).Distinct().Count());
        }
    }

    private static IEnumerable<Dictionary<string, object>> Grid(string name) => name switch
    {
        "fl" => from p in Steps(0.01, 0.99, 49)
                from gamma in Steps(0, 4, 10).Append(0.5)
                from y in new[] { 0.0, 1, 0.3 }
                from alpha in new double?[] { null, 0.25, 0.8 }
                select Without(("p", p), ("gamma", gamma), ("y", y), ("alpha", alpha)),
        "qfl" => from sigma in Steps(0.01, 0.99, 49)
                 from y in Steps(0, 1, 25)
                 from beta in new[] { 0, 0.5, 1, 2, 2.6, 4 }
                 select Without(("sigma", sigma), ("y", y), ("beta", beta)),
        "dfl" => from n in new[] { 1, 4, 7, 16, 24 }
                 from y in Steps(0, 1, 40).Append(0.515)
                 from seed in Enumerable.Range(0, 16)
                 select Without(("logits", Logits(n, seed)), ("y", y * n)),
        "gfl" => from pl in Steps(0.02, 0.98, 16)
                 from pr in Steps(0.02, 0.98, 16)
                 from labels in new[] { (0.0, 1.0), (3, 4), (1, 5), (0, 16) }
                 from y in Steps(0, 1, 4)
                 from beta in new[] { 0, 0.5, 1, 2, 3.4 }
                 select Without(("pl", pl), ("pr", pr), ("yl", labels.Item1), ("yr", labels.Item2), ("y", labels.Item1 + (y * (labels.Item2 - labels.Item1))), ("beta", beta)),
        _ => from x in Steps(-40, 60, 20)
             from y in Steps(-30, 40, 14)
             from width in new[] { 0.0, 10, 25, 60 }
             from height in new[] { 0.0, 12, 25, 60 }
             select Without(("predicted", new[] { x, y, x + width, y + height }), ("target", new[] { 0.0, 0, 25, 25 })),
    };

    private static Dictionary<string, object> Without(params (string Name, object? Value)[] values) =>
        values.Where(value => value.Value is not null).ToDictionary(value => value.Name, value => value.Value!);

    private static IEnumerable<double> Steps(double first, double last, int steps) =>
        Enumerable.Range(0, steps + 1).Select(i => Math.Round(first + ((last - first) * i / steps), 12));

    private static double[] Logits(int n, int seed)
    {
        Random random = new(seed);
        double spread = seed % 4 * 5;
        return [.. Enumerable.Range(0, n + 1).Select(_ => (random.NextDouble() - 0.5) * spread)];
    }

    private static string Text(object value) => value is double[] list
        ? string.Join(',', list.Select(item => item.ToString("R", CultureInfo.InvariantCulture)))
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static void Compare(JsonElement expected, JsonElement actual, string where)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(), actual.EnumerateObject().Select(p => p.Name).Order());
                foreach (JsonProperty property in expected.EnumerateObject())
                {
                    Compare(property.Value, actual.GetProperty(property.Name), $"{where}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
                foreach ((JsonElement one, JsonElement other) in expected.EnumerateArray().Zip(actual.EnumerateArray()))
                {
                    Compare(one, other, where);
                }

                break;
            default:
                double right = expected.GetDouble();
                double deviation = Math.Abs(right - actual.GetDouble());
                Assert.True(deviation <= Tolerance * Math.Max(1, Math.Abs(right)), $"{where}: the library says {right:R}, the page {actual}");
                break;
        }
    }
}
