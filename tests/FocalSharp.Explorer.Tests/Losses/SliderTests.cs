using FocalSharp.Explorer.Tests.Support;
using FocalSharp.Losses;

namespace FocalSharp.Explorer.Tests.Losses;

/// <summary>Each control changes the plots as the library's formula says.</summary>
[Collection(BrowserTests.Name)]
[Trait(TestCategories.Trait, TestCategories.Slow)]
public sealed class SliderTests(BrowserFixture browser, LossSite site)
{
    private const double Tolerance = 1e-6;

    [Fact]
    public async Task Gamma_bends_focal_loss_and_leaves_cross_entropy()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss");

        foreach (double gamma in (double[])[0.2, 1.4, 4])
        {
            await visit.SlideAsync("gamma", gamma);

            await MatchesAsync(visit, "loss-plot", 0, p => -Math.Log(p));
            await MatchesAsync(visit, "loss-plot", 1, p => FocalLossFormula.Evaluate(Logit(p), 1, gamma).Loss);
            await MatchesAsync(visit, "gradient-plot", 0, p => p - 1);
            await MatchesAsync(visit, "gradient-plot", 1, p => FocalLossFormula.Evaluate(Logit(p), 1, gamma).Gradient);
        }
    }

    [Fact]
    public async Task Focal_loss_is_drawn_from_a_hundredth_to_98_hundredths()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss");

        double[] x = await visit.TraceAsync("loss-plot", 1, "x");

        Assert.Equal(0.01, x[0], 1e-12);
        Assert.Equal(0.98, x[^1], 1e-12);
        Assert.InRange(x.Length, 98, 1000);
    }

    [Fact]
    public async Task The_negative_branch_balance_and_the_other_gradient_are_drawn()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss");

        await visit.Page.GetByText("negative, y = 0").ClickAsync();
        await visit.Page.Locator("#weighted").CheckAsync();
        await visit.SlideAsync("alpha", 0.4);
        await visit.Page.GetByText("probability p").ClickAsync();
        await visit.WaitForFramesAsync();

        await MatchesAsync(visit, "loss-plot", 0, p => -Math.Log(1 - p));
        await MatchesAsync(visit, "loss-plot", 1, p => FocalLossFormula.Evaluate(Logit(p), 0, 2, 0.4).Loss);
        await MatchesAsync(visit, "gradient-plot", 1, p => FocalLossFormula.Evaluate(Logit(p), 0, 2, 0.4).Gradient / (p * (1 - p)));
    }

    [Fact]
    public async Task The_point_of_focal_loss_moves_with_p()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss");

        await visit.SlideAsync("p", 0.37);

        Assert.Equal((double[])[0.37], await visit.TraceAsync("loss-plot", 2, "x"));
        Assert.Equal(-Math.Pow(0.63, 2) * Math.Log(0.37), await visit.ValueAsync("loss"), 1e-12);
    }

    [Fact]
    public async Task Play_moves_gamma_and_leaves_the_former_curve_as_a_ghost()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss");
        double[] before = await visit.TraceAsync("loss-plot", 1, "y");
        Assert.Empty(await visit.TraceAsync("loss-plot", 3, "y"));

        await visit.Page.Locator("[data-play=gamma]").ClickAsync();
        await visit.WaitUntilAsync("Number(document.getElementById('gamma').value) !== 2");
        await visit.Page.Locator("[data-play=gamma]").ClickAsync();
        await visit.WaitForFramesAsync();

        Assert.Equal(before, await visit.TraceAsync("loss-plot", 3, "y"));
        string paused = await visit.Page.Locator("#gamma").InputValueAsync();
        await visit.WaitForFramesAsync();
        Assert.Equal(paused, await visit.Page.Locator("#gamma").InputValueAsync());
    }

    [Theory]
    [InlineData("focal-loss", "gamma")]
    [InlineData("quality-focal-loss", "y")]
    public async Task Both_plots_and_the_slider_are_on_one_screen(string page, string slider)
    {
        await using BrowserPage visit = await browser.OpenAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        await visit.GoAsync(new Uri(site.Address, page));

        foreach (string id in (string[])["loss-plot", "gradient-plot", slider])
        {
            double bottom = await visit.Page.EvaluateAsync<double>("id => document.getElementById(id).getBoundingClientRect().bottom", id);
            Assert.InRange(bottom, 1, 800);
        }
    }

    [Theory]
    [InlineData("focal-loss", "gamma", 1.6, 1.4)]
    [InlineData("quality-focal-loss", "y", 0.64, 0.66)]
    [InlineData("distribution-focal-loss", "y", 4.5, 4.7)]
    [InlineData("generalized-focal-loss", "y", 0.58, 0.6)]
    public async Task A_moving_plot_is_where_it_is_drawn_at_rest(string page, string slider, double first, double second)
    {
        const string Corners = """
            () => [...document.querySelectorAll("#gradient-plot .js-line, #gradient-plot .point, #softmax-plot .point, #logit-plot .point")]
                .flatMap(part => {
                    const plot = part.closest("div.plot").getBoundingClientRect(), { left, top, right, bottom } = part.getBoundingClientRect();
                    const clip = (value, low, high) => Math.min(Math.max(value, low), high);
                    return [clip(left, plot.left, plot.right), clip(top, plot.top, plot.bottom), clip(right, plot.left, plot.right), clip(bottom, plot.top, plot.bottom)];
                })
            """;
        await using BrowserPage visit = await VisitAsync(page);
        await visit.SlideAsync(slider, first); // draws the curve before the movement
        await visit.Page.WaitForTimeoutAsync(600);
        await visit.SlideAsync(slider, second);

        double[] moving = await visit.Page.EvaluateAsync<double[]>(Corners);
        await visit.Page.WaitForTimeoutAsync(600);
        double[] rest = await visit.Page.EvaluateAsync<double[]>(Corners);

        Assert.NotEmpty(rest);
        Assert.Equal(rest.Length, moving.Length);
        Assert.All(rest.Zip(moving), pair => Assert.Equal(pair.First, pair.Second, 1.5)); // pixels: Plotly rounds bars and simplifies lines
    }

    [Fact]
    public async Task An_embedded_page_shows_the_plots_without_the_frame_of_the_site()
    {
        await using BrowserPage visit = await VisitAsync("focal-loss?embed=1#gamma=1");

        Assert.False(await visit.Page.Locator(".bar").IsVisibleAsync());
        Assert.False(await visit.Page.Locator("footer").IsVisibleAsync());
        Assert.True(await visit.Page.Locator("#gamma").IsVisibleAsync());
        Assert.Equal("1", await visit.Page.Locator("#gamma").InputValueAsync());
    }

    [Fact]
    public async Task Target_and_beta_bend_quality_focal_loss()
    {
        await using BrowserPage visit = await VisitAsync("quality-focal-loss");

        foreach ((double y, double beta) in ((double, double)[])[(0.02, 2), (0.5, 0), (0.98, 3.4)])
        {
            await visit.SlideAsync("y", y);
            await visit.SlideAsync("beta", beta);

            await MatchesAsync(visit, "loss-plot", 0, s => Sigmoid.CrossEntropy(Logit(s), y));
            await MatchesAsync(visit, "loss-plot", 1, s => QualityFocalLossFormula.Evaluate(Logit(s), y, beta).Loss);
            await MatchesAsync(visit, "gradient-plot", 1, s => QualityFocalLossFormula.Evaluate(Logit(s), y, beta).Gradient);
            Assert.Equal((double[])[y], await visit.TraceAsync("loss-plot", 3, "x")); // the minimum
        }
    }

    [Fact]
    public async Task The_heat_map_is_the_loss_of_every_score_and_target()
    {
        await using BrowserPage visit = await VisitAsync("quality-focal-loss");
        await visit.SlideAsync("beta", 1);

        double[] scores = await visit.Page.EvaluateAsync<double[]>("document.getElementById('heat-plot').heat.x");
        double[] targets = await visit.Page.EvaluateAsync<double[]>("document.getElementById('heat-plot').heat.y");
        double[][] values = await visit.Page.EvaluateAsync<double[][]>("document.getElementById('heat-plot').heat.values");

        Assert.Equal(targets.Length, values.Length);
        for (int row = 0; row < targets.Length; row += 7)
        {
            for (int column = 0; column < scores.Length; column += 5)
            {
                Assert.Equal(QualityFocalLossFormula.Evaluate(Logit(scores[column]), targets[row], 1).Loss, values[row][column], Tolerance);
            }
        }
    }

    [Fact]
    public async Task Target_and_regMax_move_distribution_focal_loss()
    {
        await using BrowserPage visit = await VisitAsync("distribution-focal-loss");

        foreach ((double y, int n) in ((double, int)[])[(3.35, 16), (0, 16), (8, 8)])
        {
            await visit.SlideAsync("n", n);
            await visit.SlideAsync("y", y);

            double[] logits = await visit.TraceAsync("logit-plot", 0, "y");
            double[] gradient = new double[n + 1];
            double loss = DistributionFocalLossFormula.Evaluate<double>(logits, y, gradient);
            Assert.Equal(n + 1, logits.Length);
            Assert.Equal(loss, await visit.ValueAsync("loss"), Tolerance);
            Close(gradient, await visit.TraceAsync("gradient-plot", 0, "y"));
            Assert.Equal(1, (await visit.TraceAsync("softmax-plot", 0, "y")).Sum(), 1e-9);
        }
    }

    [Fact]
    public async Task The_step_is_the_gradient_times_the_step_size()
    {
        await using BrowserPage visit = await VisitAsync("distribution-focal-loss");
        await visit.SlideAsync("rate", 2.5);
        double[] before = await visit.TraceAsync("logit-plot", 0, "y");
        double[] gradient = new double[before.Length];
        DistributionFocalLossFormula.Evaluate<double>(before, 6.3, gradient);

        await visit.Page.GetByText("One step").ClickAsync();
        await visit.WaitForFramesAsync();

        Close([.. before.Zip(gradient, (x, g) => x - (2.5 * g))], await visit.TraceAsync("logit-plot", 0, "y"));
    }

    [Fact]
    public async Task Descent_ends_at_the_optimum()
    {
        await using BrowserPage visit = await VisitAsync("distribution-focal-loss");
        await visit.SlideAsync("rate", 8);
        await visit.SlideAsync("y", 5.2);

        await visit.Page.GetByText("Descend", new() { Exact = true }).ClickAsync();
        await visit.WaitUntilAsync("document.getElementById('descend').textContent === 'Descend' && Number(document.querySelector('[data-value=miss]').dataset.exact) < 0.02");

        double[] probabilities = await visit.TraceAsync("softmax-plot", 0, "y");
        Assert.Equal(0.8, probabilities[5], 0.01);
        Assert.Equal(0.2, probabilities[6], 0.01);
    }

    [Fact]
    public async Task Buttons_make_the_general_form_each_of_the_others()
    {
        await using BrowserPage visit = await VisitAsync("generalized-focal-loss");

        foreach ((string button, double left, double right, double y, double beta) in ((string, double, double, double, double)[])[("FL", 0, 1, 1, 2), ("QFL", 0, 1, 0.8, 2), ("DFL", 3, 4, 3.3, 0)])
        {
            await visit.Page.Locator($".panel button:text-is('{button}')").ClickAsync();
            await visit.WaitForFramesAsync();

            Assert.Equal("true", await visit.Page.Locator($".panel button:text-is('{button}')").GetAttributeAsync("aria-pressed"));
            await MatchesAsync(visit, "loss-plot", 1, p => General(p, y, left, right, beta).Loss);
            await MatchesAsync(visit, "loss-plot", 1, p => button switch
            {
                "FL" => FocalLossFormula.Evaluate(Logit(p), 1, 2).Loss,
                "QFL" => QualityFocalLossFormula.Evaluate(Logit(p), 0.8, 2).Loss,
                _ => DistributionFocalLossFormula.Evaluate<double>([-20, -20, -20, Math.Log(1 - p), Math.Log(p)], 3.3, new double[5]),
            });
            await MatchesAsync(visit, "gradient-plot", 2, p => GeneralizedFocalLossFormula.EvaluateLogit(Logit(p), y, left, right, beta).Gradient);
            await MatchesAsync(visit, "gradient-plot", 0, p => General(p, y, left, right, beta).LeftGradient);
            await MatchesAsync(visit, "gradient-plot", 1, p => General(p, y, left, right, beta).RightGradient);
        }
    }

    [Fact]
    public async Task Sliders_of_the_general_form_keep_their_order_and_move_its_curve()
    {
        await using BrowserPage visit = await VisitAsync("generalized-focal-loss");

        await visit.SlideAsync("yl", 5);
        await visit.SlideAsync("yr", 9);
        await visit.SlideAsync("y", 6.5);
        await visit.SlideAsync("beta", 1);
        await visit.SlideAsync("pr", 0.3);

        await MatchesAsync(visit, "loss-plot", 1, p => General(p, 6.5, 5, 9, 1).Loss);
        Assert.Equal("0.7", await visit.Page.Locator("#pl").InputValueAsync());
        Assert.Equal(General(0.3, 6.5, 5, 9, 1).Loss, await visit.ValueAsync("loss"), Tolerance);
        await visit.SlideAsync("yr", 3);
        Assert.Equal("2", await visit.Page.Locator("#yl").InputValueAsync());
    }

    [Fact]
    public async Task Untied_probabilities_sum_to_at_most_one()
    {
        await using BrowserPage visit = await VisitAsync("generalized-focal-loss");

        await visit.Page.Locator("#tied").UncheckAsync();
        await visit.SlideAsync("pl", 0.2);
        await visit.SlideAsync("pr", 0.4);

        Assert.Equal(GeneralizedFocalLossFormula.Evaluate(0.2, 0.4, 0.8, 0, 1, 2).Loss, await visit.ValueAsync("loss"), Tolerance);
        await visit.SlideAsync("pr", 0.9);
        Assert.Equal("0.1", await visit.Page.Locator("#pl").InputValueAsync());
    }

    [Fact]
    public async Task The_table_of_boxes_is_the_librarys()
    {
        await using BrowserPage visit = await VisitAsync("box-geometry");

        foreach (string start in (string[])["overlapping", "apart", "inside", "other shape"])
        {
            await visit.Page.Locator($".panel button:text-is('{start}')").ClickAsync();
            await visit.WaitForFramesAsync();

            double[] predicted = await BoxAsync(visit, "predicted"), target = await BoxAsync(visit, "target");

            foreach ((string key, BoxLossKind kind) in new[] { ("iou", BoxLossKind.IouLinear), ("giou", BoxLossKind.Giou), ("diou", BoxLossKind.Diou), ("ciou", BoxLossKind.Ciou) })
            {
                double[] gradient = new double[4];
                double loss = BoxLossFormula.Evaluate<double>(kind, predicted, target, gradient, [], BoxLossFormula.DefaultEpsilon);
                Assert.Equal(loss, await CellAsync(visit, $"{key}-loss"), Tolerance);
                double value = key == "iou" && start == "apart" ? 0 : 1 - loss; // the official loss has a minimum of 1e-6 for the IoU
                Assert.Equal(value, await CellAsync(visit, $"{key}-value"), Tolerance);
                Assert.Equal(gradient[0], await CellAsync(visit, $"{key}-x1"), Tolerance);
                Assert.Equal(gradient[3], await CellAsync(visit, $"{key}-y2"), Tolerance);
            }

            await MatchesAsync(visit, "loss-plot", 1, shift => BoxLossFormula.Evaluate<double>(
                BoxLossKind.Giou, [predicted[0] + shift, predicted[1], predicted[2] + shift, predicted[3]], target, new double[4], [], BoxLossFormula.DefaultEpsilon));
        }
    }

    [Fact]
    public async Task Apart_boxes_have_no_gradient_of_iou_and_do_not_descend()
    {
        await using BrowserPage visit = await VisitAsync("box-geometry#measure=iou&predicted=270,20,370,85&target=40,115,150,205");

        await visit.Page.GetByText("One step").ClickAsync();
        await visit.WaitForFramesAsync();

        Assert.Equal((double[])[270, 20, 370, 85], await BoxAsync(visit, "predicted"));
        await visit.Page.Locator(".segments label:has-text('GIoU')").ClickAsync();
        await visit.Page.GetByText("One step").ClickAsync();
        await visit.WaitForFramesAsync();
        Assert.True((await BoxAsync(visit, "predicted"))[0] < 270);
    }

    private async Task<BrowserPage> VisitAsync(string page)
    {
        BrowserPage visit = await browser.OpenAsync();
        await visit.GoAsync(new Uri(site.Address, page));
        return visit;
    }

    private static async Task MatchesAsync(BrowserPage visit, string plot, int trace, Func<double, double> formula)
    {
        double[] x = await visit.TraceAsync(plot, trace, "x");
        Close([.. x.Select(formula)], await visit.TraceAsync(plot, trace, "y"));
    }

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(1, Math.Abs(pair.First))));
    }

    private static async Task<double[]> BoxAsync(BrowserPage visit, string name) =>
        [.. (await visit.Page.Locator($"#{name}").InputValueAsync()).Split(',').Select(part => double.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];

    private static async Task<double> CellAsync(BrowserPage visit, string name) => double.Parse(
        (await visit.Page.Locator($"[data-cell='{name}']").GetAttributeAsync("data-exact"))!, System.Globalization.CultureInfo.InvariantCulture);

    private static GeneralizedFocalLossValue<double> General(double pr, double y, double left, double right, double beta) =>
        GeneralizedFocalLossFormula.Evaluate(1 - pr, pr, y, left, right, beta);

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
