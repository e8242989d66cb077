using CsCheck;
using FocalSharp.Datasets;

namespace FocalSharp.Synthetic.Tests;

public sealed class EdgeBlurTests
{
    private const int CanvasSize = 120;
    private const int Low = 30;
    private const int High = 90;

    [Fact]
    public void A_straight_edge_becomes_a_ramp_as_long_as_recorded()
        => Gen.Select(Gen.Int[0, 3], Gen.Float[4, 28]).Sample((side, length) =>
        {
            ObjectLayer layer = Square();
            float edge = side < 2 ? Low : High;
            EdgeBlur.Apply(layer, side, edge, length);

            // On a linear ramp the 10 % and 90 % levels are 0.8 lengths apart, and the 50 % level is at the edge.
            float[] profile = Profile(layer, side);
            float from = Crossing(profile, 0.9f);
            float to = Crossing(profile, 0.1f);
            Assert.Equal(0.8f * length, to - from, 0.7f);
            float crossing = Crossing(profile, 0.5f);
            Assert.Equal(edge, side < 2 ? CanvasSize - crossing : crossing, 0.3f);
        });

    [Fact]
    public void Other_sides_stay_sharp()
        => Gen.Select(Gen.Int[0, 3], Gen.Float[4, 28]).Sample((side, length) =>
        {
            ObjectLayer layer = Square();
            EdgeBlur.Apply(layer, side, side < 2 ? Low : High, length);
            for (int other = 0; other < 4; other++)
            {
                if (other != side)
                {
                    float[] profile = Profile(layer, other);
                    Assert.Equal(0, profile[High]);
                    Assert.Equal(1, profile[High - 1]);
                }
            }
        });

    [Fact]
    public void Objects_fade_over_the_recorded_length_and_have_sharp_edges_elsewhere()
    {
        SceneOptions options = new() { MinObjectSize = 0.3f };
        List<float> sharp = [];
        List<float> ratios = [];
        for (int i = 0; i < 200; i++)
        {
            SceneObject drawn = SceneObject.Draw(options, SceneRandom.Create(5, 1, i), DatasetSplit.Train);
            for (int side = 0; side < 4; side++)
            {
                // The object's pixels extend half the blur, or an antialiased pixel, beyond the half-covered edge.
                float reach = Reach(drawn, side);
                if (drawn.BlurLengths[side] > 0)
                {
                    ratios.Add(reach / (drawn.BlurLengths[side] / 2));
                }
                else
                {
                    sharp.Add(reach);
                }
            }
        }

        Assert.True(sharp.Max() <= 3, $"A sharp side reaches {sharp.Max()} px beyond its mask.");
        Assert.Equal(1, ratios.Average(), 0.2);
    }

    private static ObjectLayer Square()
    {
        byte[] pixels = new byte[CanvasSize * CanvasSize * 4];
        for (int y = Low; y < High; y++)
        {
            pixels.AsSpan(((y * CanvasSize) + Low) * 4, (High - Low) * 4).Fill(255);
        }

        return new ObjectLayer(CanvasSize, CanvasSize, pixels);
    }

    // Coverage along the line through the layer's center, outwards through the side.
    private static float[] Profile(ObjectLayer layer, int side)
        =>
        [
            .. Enumerable.Range(0, CanvasSize).Select(i => side < 2 ? CanvasSize - 1 - i : i)
                .Select(i => (side % 2 == 0 ? layer.GetAlpha(i, CanvasSize / 2) : layer.GetAlpha(CanvasSize / 2, i)) / 255f),
        ];

    // Where the profile falls below a level; pixel centers are at halves.
    private static float Crossing(float[] profile, float level)
    {
        int i = Array.FindLastIndex(profile, value => value >= level);
        float step = profile[i] - profile[i + 1];
        return i + 0.5f + ((profile[i] - level) / step);
    }

    private static float Reach(SceneObject drawn, int side)
    {
        ObjectLayer layer = drawn.Layer;
        float furthest = 0;
        for (int y = 0; y < layer.Height; y++)
        {
            for (int x = 0; x < layer.Width; x++)
            {
                if (layer.GetAlpha(x, y) > 4)
                {
                    furthest = Math.Max(furthest, side switch
                    {
                        0 => drawn.Mask.Left - x,
                        1 => drawn.Mask.Top - y,
                        2 => x + 1 - drawn.Mask.Right,
                        _ => y + 1 - drawn.Mask.Bottom,
                    });
                }
            }
        }

        return furthest;
    }
}
