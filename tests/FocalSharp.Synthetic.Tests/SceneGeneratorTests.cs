using FocalSharp.Boxes;
using FocalSharp.Datasets;

namespace FocalSharp.Synthetic.Tests;

public sealed class SceneGeneratorTests
{
    private static readonly SceneOptions Small = new() { ImageSize = 128 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-7)]
    public void Draws_the_same_bytes_on_every_thread_and_in_every_order(long seed)
    {
        SceneOptions options = Small with { Seed = seed };
        SceneGenerator one = new(options);
        Scene[] inOrder = [.. Enumerable.Range(0, 12).Select(i => one.Render(i, DatasetSplit.Train))];
        SceneGenerator other = new(options);
        Scene[] parallel = new Scene[inOrder.Length];
        Parallel.For(0, parallel.Length, i => parallel[^(i + 1)] = other.Render(parallel.Length - 1 - i, DatasetSplit.Train));

        for (int i = 0; i < inOrder.Length; i++)
        {
            Assert.Equal(inOrder[i].Image.Pixels, parallel[i].Image.Pixels);
            Assert.Equal(inOrder[i].Objects, parallel[i].Objects);
        }
    }

    [Fact]
    public void Draws_another_scene_for_another_seed_split_or_index()
    {
        byte[][] pictures =
        [
            new SceneGenerator(Small).Render(0, DatasetSplit.Train).Image.Pixels,
            new SceneGenerator(Small).Render(1, DatasetSplit.Train).Image.Pixels,
            new SceneGenerator(Small).Render(0, DatasetSplit.Val).Image.Pixels,
            new SceneGenerator(Small with { Seed = 1 }).Render(0, DatasetSplit.Train).Image.Pixels,
        ];
        for (int i = 0; i < pictures.Length; i++)
        {
            for (int k = 0; k < i; k++)
            {
                Assert.False(pictures[i].AsSpan().SequenceEqual(pictures[k]), $"Pictures {k} and {i} are the same.");
            }
        }
    }

    [Fact]
    public void Boxes_have_an_area_inside_the_image_and_a_finite_blur()
    {
        foreach (Scene scene in Scenes(60, Small))
        {
            Assert.InRange(scene.Objects.Count, 1, 6);
            Assert.All(scene.Objects, item =>
            {
                Assert.False(item.Box.IsEmpty);
                Assert.Equal(item.Box, item.Box.Clip(128, 128));
                Assert.InRange(item.Label, 0, DemoDataset.Classes.Count - 1);
                Assert.Equal(item.Box.Area, item.Area, 3);
                for (int side = 0; side < 4; side++)
                {
                    Assert.InRange(item.SideBlur!.Value[side], 0, 128);
                }
            });
        }
    }

    [Fact]
    public void Sharp_boxes_are_tight_around_the_object_drawn_alone()
    {
        int compared = 0;
        foreach (Scene scene in Scenes(60, Small with { BlurredSideProbabilities = [1] }))
        {
            foreach ((ObjectAnnotation item, SceneObject drawn) in scene.Objects.Zip(scene.SceneObjects))
            {
                Assert.Equal(MaskBox(drawn).Clip(128, 128), item.Box);
                compared++;
            }
        }

        Assert.True(compared > 100);
    }

    [Fact]
    public void Sharp_sides_of_blurred_objects_end_at_the_mask()
    {
        int near = 0;
        int all = 0;
        foreach (Scene scene in Scenes(120, Small))
        {
            foreach ((ObjectAnnotation item, SceneObject drawn) in scene.Objects.Zip(scene.SceneObjects))
            {
                Box mask = MaskBox(drawn).Clip(128, 128);
                float[] distances = [mask.X1 - item.Box.X1, mask.Y1 - item.Box.Y1, mask.X2 - item.Box.X2, mask.Y2 - item.Box.Y2];
                for (int side = 0; side < 4; side++)
                {
                    if (drawn.BlurLengths[side] == 0)
                    {
                        all++;
                        near += Math.Abs(distances[side]) <= 1 ? 1 : 0;
                    }
                }
            }
        }

        // A blur may erode a pointed part, such as a fir's tip next to its blurred side; that must be rare.
        Assert.True(near >= 0.95 * all, $"{near} of {all} sharp sides lie within a pixel of the mask.");
    }

    [Fact]
    public void The_true_edge_is_uniform_within_the_blur()
    {
        List<double> positions = [];
        for (int i = 0; i < 600; i++)
        {
            SceneObject drawn = SceneObject.Draw(Small, SceneRandom.Create(3, 1, i), DatasetSplit.Train);
            float[] edges = [drawn.Mask.Left, drawn.Mask.Top, drawn.Mask.Right, drawn.Mask.Bottom];
            float[] truth = [drawn.Extent.X1, drawn.Extent.Y1, drawn.Extent.X2, drawn.Extent.Y2];
            for (int side = 0; side < 4; side++)
            {
                if (drawn.BlurLengths[side] == 0)
                {
                    Assert.Equal(edges[side], truth[side]);
                }
                else
                {
                    positions.Add((truth[side] - edges[side]) / drawn.BlurLengths[side]);
                }
            }
        }

        // A uniform number over [−1/2, 1/2] has mean 0 and variance 1/12.
        Assert.All(positions, position => Assert.InRange(position, -0.5001, 0.5001));
        Assert.Equal(0, positions.Average(), 0.05);
        Assert.Equal(1 / 12.0, positions.Average(position => position * position), 0.012);
    }

    [Fact]
    public void Blurs_about_a_quarter_of_all_sides()
    {
        float[] blur =
        [
            .. Scenes(150, Small).SelectMany(scene => scene.Objects)
                .SelectMany(item => Enumerable.Range(0, 4).Select(side => item.SideBlur!.Value[side])),
        ];
        Assert.InRange(blur.Count(value => value > 0) / (double)blur.Length, 0.2, 0.35);
    }

    [Fact]
    public void Limits_how_much_of_an_object_is_hidden_and_records_each_hidden_side()
    {
        int hiddenSides = 0;
        foreach (Scene scene in Scenes(120, Small))
        {
            for (int i = 0; i < scene.SceneObjects.Count; i++)
            {
                SceneObject drawn = scene.SceneObjects[i];
                List<(int X, int Y)> whole = [.. Mask(drawn).Where(at => at.X is >= 0 and < 128 && at.Y is >= 0 and < 128)];
                HashSet<(int, int)> covered = [.. scene.SceneObjects.Skip(i + 1).SelectMany(Mask)];
                List<(int X, int Y)> seen = [.. whole.Where(at => !covered.Contains(at))];
                Assert.True(seen.Count >= (1 - Small.MaxHiddenFraction - 1e-4) * whole.Count);

                float[] lost =
                [
                    seen.Min(at => at.X) - whole.Min(at => at.X), seen.Min(at => at.Y) - whole.Min(at => at.Y),
                    whole.Max(at => at.X) - seen.Max(at => at.X), whole.Max(at => at.Y) - seen.Max(at => at.Y),
                ];
                for (int side = 0; side < 4; side++)
                {
                    if (lost[side] >= 2)
                    {
                        hiddenSides++;
                        Assert.True(scene.Objects[i].SideBlur!.Value[side] >= lost[side]);
                    }
                    else
                    {
                        Assert.True(scene.Objects[i].SideBlur!.Value[side] <= drawn.BlurLengths[side]);
                    }
                }
            }
        }

        Assert.True(hiddenSides > 10);
    }

    [Fact]
    public void All_classes_are_about_equally_frequent_and_large()
    {
        (int Label, float Size)[] objects =
        [
            .. Scenes(500, Small with { ImageSize = 64 }).SelectMany(scene => scene.SceneObjects)
                .Select(drawn => (drawn.Label, (float)Math.Max(drawn.Mask.Width, drawn.Mask.Height))),
        ];
        double mean = objects.Length / (double)DemoDataset.Classes.Count;
        double size = objects.Average(item => item.Size);
        for (int label = 0; label < DemoDataset.Classes.Count; label++)
        {
            (int, float Size)[] own = [.. objects.Where(item => item.Label == label)];
            Assert.InRange(own.Length, 0.75 * mean, 1.25 * mean);
            Assert.InRange(own.Average(item => item.Size), 0.85 * size, 1.15 * size);
        }
    }

    [Theory]
    [InlineData(16, 0.5f, "ImageSize is 16")]
    [InlineData(256, 0.02f, "MaxObjectSize is 0.02")]
    public void Rejects_options_out_of_range(int imageSize, float maxObjectSize, string expected)
    {
        SceneOptions options = new() { ImageSize = imageSize, MaxObjectSize = maxObjectSize };
        OptionException error = Assert.Throws<OptionException>(() => new SceneGenerator(options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Scene> Scenes(int count, SceneOptions options)
    {
        SceneGenerator generator = new(options);
        return Enumerable.Range(0, count).Select(i => generator.Render(i, i % 2 == 0 ? DatasetSplit.Train : DatasetSplit.Val));
    }

    private static IEnumerable<(int X, int Y)> Mask(SceneObject drawn)
        => from y in Enumerable.Range(0, drawn.Layer.Height)
           from x in Enumerable.Range(0, drawn.Layer.Width)
           where drawn.Layer.Pixels[(((y * drawn.Layer.Width) + x) * 4) + 3] >= 128
           select (x + drawn.X, y + drawn.Y);

    private static Box MaskBox(SceneObject drawn)
    {
        List<(int X, int Y)> mask = [.. Mask(drawn)];
        return new Box(mask.Min(at => at.X), mask.Min(at => at.Y), mask.Max(at => at.X) + 1, mask.Max(at => at.Y) + 1);
    }
}
