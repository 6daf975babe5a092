// What findings say of a run, and their evidence, in Japanese. The English is that of src/verify.

import type { Sentences } from '../sentences.ts'

export const findings: Sentences = {
  // Amounts.
  '{} packets ({} bytes)': '{1} パケット({2} バイト)',
  '{} packet ({} bytes)': '{1} パケット({2} バイト)',
  '{} packets ({} bytes) too many': '過剰な {1} パケット({2} バイト)',
  '{} packet ({} bytes) too many': '過剰な {1} パケット({2} バイト)',
  '{} packets ({} bytes) of {} flows': '{3} フローの {1} パケット({2} バイト)',
  '{} packets ({} bytes) of {} flow': '{3} フローの {1} パケット({2} バイト)',
  '{} packet ({} bytes) of {} flows': '{3} フローの {1} パケット({2} バイト)',
  '{} packet ({} bytes) of {} flow': '{3} フローの {1} パケット({2} バイト)',
  '{} packets ({} bytes) in {} flows': '{3} フローの {1} パケット({2} バイト)',
  '{} packets ({} bytes) in {} flow': '{3} フローの {1} パケット({2} バイト)',
  '{} packets ({} bytes) too many of {} flows': '{3} フローで過剰な {1} パケット({2} バイト)',
  '{} packets ({} bytes) too many of {} flow': '{3} フローで過剰な {1} パケット({2} バイト)',
  '{} packets ({} bytes) and {} packets ({} bytes) too many of {} flows':
    '{5} フローで不足 {1} パケット({2} バイト)、過剰 {3} パケット({4} バイト)',
  'no packet of any flow': '(該当するパケットなし)',
  '{} packets': '{1} パケット',
  '{} packet': '{1} パケット',
  '{} datagrams': 'データグラム {1} 個',
  '{} datagram': 'データグラム {1} 個',
  '{} export datagrams': 'エクスポートデータグラム {1} 個',
  '{} export datagram': 'エクスポートデータグラム {1} 個',
  '{} records': 'レコード {1} 件',
  '{} record': 'レコード {1} 件',
  '{} of {} records': 'レコード {2} 件中 {1} 件',
  '{} of {} record': 'レコード {2} 件中 {1} 件',
  '{} of {} rows': '{2} 行中 {1} 行',
  '{} of {} row': '{2} 行中 {1} 行',
  '{} rows': '{1} 行',
  '{} row': '{1} 行',
  '{} sets': 'セット {1} 個',
  '{} set': 'セット {1} 個',
  '{} gaps': '抜け {1} か所',
  '{} gap': '抜け {1} か所',
  '{} times': '{1} 回',
  '{} time': '{1} 回',
  '{} flows': '{1} フロー',
  '{} flow': '{1} フロー',

  // Sending.
  'of {} packets that {} says it sent ({}) {} are not at {}, and no link between is meant to lose any':
    '{2} が送信したとする {1} パケット({3})のうち {4} が {5} にありません。途中のリンクに損失の設定はありません',
  '{} packets more than the {} that {} says it sent ({}) are at {}':
    '{3} が送信したとする {2} パケット({4})より {1} 多いパケットが {5} にあります',

  // Metering.
  "{} crossed {} that the kernel's sets had no room for, or whose headers they could not read: the truth itself is incomplete there":
    '{2} を通過した {1} は、カーネルのセットに空きがないかヘッダを読めませんでした。基準となる値そのものが不完全です',
  'segmentation offload is on: it hands over many segments as one, so that kernel and probe count packets that no wire carries; {} crossed {} longer than its MTU':
    'セグメンテーションオフロードが有効で、複数のセグメントが 1 つにまとまるため、カーネルとプローブは回線上に存在しないパケットを数えます。{2} を MTU 超で通過:{1}',
  '{} was away for a time, and lost the flows that it held: {} crossed {} and were not exported':
    '{1} は一時停止し、保持していたフローを失いました。{3} を通過した {2} がエクスポートされていません',
  'the queue between the core of {} and its plugins overran: {} crossed {} and never reached the exporting plugin':
    '{1} のコアとプラグイン間のキューがあふれました。{3} を通過した {2} がエクスポートプラグインに届いていません',
  'the capture buffer of {} overran: {} crossed {} and the kernel had no room to hand them over':
    '{1} のキャプチャバッファがあふれました。{3} を通過した {2} をカーネルが渡せませんでした',
  '{} stayed in the capture of {} when it ended, which libpcap hands over only when a block is full: {} crossed {} and were not metered':
    '{2} の終了時に {1} がキャプチャに残りました(libpcap はブロックが満ちたときだけ渡します)。{4} を通過した {3} が計測されていません',
  '{} counts {}: {} beside what crossed {}': '{1} は {2} を数えています。{4} の通過量との差は {3}',
  '{} counts {}, which is {}: {} beside what crossed {}':
    '{1} は {2}({3})を数えています。{5} の通過量との差は {4}',
  '{} meters every packet {} times: {} beyond what crossed {}':
    '{1} は全パケットを {2} 回計測しています。{4} の通過量に対し {3} が過剰',
  '{} exports nothing of {}: {} crossed {}, while the rest is there':
    '{1} は {2} を一切エクスポートしていません。{4} を {3} が通過し、ほかはそろっています',
  'what its filter leaves out ({})': 'フィルタの対象外({1})',
  '{} exchanges source and destination: {} stand under the other direction than they crossed {}':
    '{1} は送信元と宛先を入れ替えています。{2} が {3} の通過方向と逆に計上されています',
  '{} counts every flow for both directions: {} beyond what crossed {}':
    '{1} は各フローを両方向に計上しています。{3} の通過量に対し {2} が過剰',
  'in the records of {} {}: {} stand under other keys than crossed {}':
    '{1} のレコードで{2}。{3} が {4} の通過時と異なるキーに計上されています',
  '{} books fragments that carry no ports to the ports of others, or drops them: {}':
    '{1} はポートのないフラグメントを別のポートに計上するか、捨てています:{2}',
  '{} exports the volume of what crossed {} under {} keys that did not cross: {}':
    '{1} は {2} の通過量を、通過していない {3} 個のキーでエクスポートしています:{4}',
  'a VLAN tag or the frame check sequence': 'VLAN タグまたは FCS',
  "Ethernet's header and the frame check sequence (or a VLAN tag)": 'Ethernet ヘッダと FCS(または VLAN タグ)',
  "Ethernet's header, a VLAN tag and the frame check sequence": 'Ethernet ヘッダ、VLAN タグ、FCS',

  // What becomes of keys and counters.
  'source and destination port are exchanged': '送信元ポートと宛先ポートが入れ替わっています',
  'addresses are exchanged, and ports are not': 'アドレスだけが入れ替わり、ポートは元のままです',
  'ports are 0': 'ポートが 0 です',
  'ports, and type and code of ICMP, are 0': 'ポートと ICMP のタイプ・コードが 0 です',
  'the {} port is 0': '{1}ポートが 0 です',
  'the {} address is cut to {}': '{1}アドレスが {2} に切り詰められています',
  source: '送信元',
  destination: '宛先',
  'all from and to {}{}': '{1}{2} を送信元または宛先とするすべて',
  ' and {} more addresses': 'ほか {1} アドレス',
  'packets {} and bytes {}': 'パケット数 {1}、バイト数 {2}',
  'type and code of ICMP are 0': 'ICMP のタイプとコードが 0 です',
  'ports have their octets in the wrong order': 'ポートのバイト順が逆です',
  'addresses have their octets in the wrong order': 'アドレスのバイト順が逆です',
  'addresses are cut to {}': 'アドレスが {1} に切り詰められています',
  'the protocol is {} in all': 'プロトコルがすべて {1} です',
  'packets stand where bytes should, and bytes where packets should':
    'パケット数とバイト数が入れ替わっています',
  'packets are 0': 'パケット数が 0 です',
  'bytes are 0': 'バイト数が 0 です',
  'bytes are what packets are': 'バイト数がパケット数と同じ値です',
  'packets are what bytes are': 'パケット数がバイト数と同じ値です',
  'bytes are counted in {} bits, and start again at 0': 'バイト数が {1} ビットで桁あふれしています',

  // Exporting.
  '{} exports for the observation domains {} in turn, where the lab gives it {}':
    '{1} は観測ドメイン {2} を切り替えてエクスポートしています(ラボの指定は {3})',
  '{} exported nothing: {} crossed, and no datagram left {}':
    '{1} は何もエクスポートしていません。{2} が通過し、{3} からデータグラムは送出されていません',
  '{} counted on in its sequence without sending, {} before anything left the exporter: {}':
    '{1} は送信せずにシーケンス番号を進めています(エクスポータを出る前に{2}):{3}',
  '{} sent {} once more: {}': '{1} は{2}を重複して送信しました:{3}',
  '{} exported {} again: {}': '{1} は{2}を再びエクスポートしました:{3}',
  "templates of {} change their fields ({}), so that records are read by another's template: {}":
    '{1} のテンプレートのフィールドが変わり({2})、レコードが別のテンプレートで読まれています:{3}',
  'the exports of {} cannot be read in full: {}, {} without a template: {}':
    '{1} のエクスポートを完全には読めません({2}、テンプレートのない{3}):{4}',
  'counters of {} have 32 bits and are low by {}: {}':
    '{1} のカウンタは 32 ビットで、{2} だけ小さくなっています:{3}',
  'a multiple of 4294967296': '4294967296 の倍数',
  'records of {} tell totals: the last of {} has all that crossed, and added up they are {}':
    '{1} のレコードは累計値です。{2}の最後のレコードが通過量の全体を示し、合計すると {3}',
  'in the records of {} {}: {}': '{1} のレコードで{2}:{3}',
  'all flows of {} come out {}, which is no rate that anybody set: {}':
    '{1} の全フローが {2} になっています。設定されたどのレートとも異なります:{3}',

  // Transport.
  'none of {} of {} arrived at {} from {}, and {} came from another address: to the collector it is another exporter':
    '{2} の{1}は {4} から {3} に 1 つも届かず、{5} 個が別のアドレスから届きました。コレクタには別のエクスポータに見えます',
  'all {} of {} octets and more were lost on their way, and none that is smaller: {}':
    '{2} オクテット以上の{1}がすべて失われ、それより小さいものは失われていません:{3}',
  '{} of {} of {} were lost on their way to {}, and with them {}':
    '{3} の{2}のうち {1} 個が {4} に届く前に失われました。失われたレコード:{5}',
  'a template, without which what came later could not be read: {}':
    'テンプレート(後続のレコードが読めなくなりました):{1}',
  '{} of {} arrived at {} more than once, and with them {}':
    '{2} の{1}が {3} に重複して届きました。重複したレコード:{4}',

  // Collecting.
  '{} counts fewer records in the headers of {} than there are sets in them, and {} stops at that: {} arrived behind':
    '{1} は {2} のヘッダで、含まれるセットより少ないレコード数を数えています。{3} はそこで読み取りを止め、その後ろに {4} がありました',
  'its header counts {}, it has {} sets: {} is not to see what begins here':
    'ヘッダのカウントは {1}、セットは {2} 個。{3} はここから先を読みません',
  '{} was away for a time: {} arrived and are not in its table':
    '{1} は一時停止しました。到着した {2} がテーブルにありません',
  '{} {} the templates of {}: {} arrived before they were sent again':
    '{1} は {3} のテンプレートを持っていません({2})。再送前に {4} が到着しています',
  'came back without': '復帰後に未受信',
  'had not got': '最初から未受信',
  'the table of {} was full: {} found no room': '{1} のテーブルが満杯で、{2} が入りませんでした',
  '{} arrived at {} port {}, where no socket listens: {} collects elsewhere, or not at all; {}':
    '{1}が {2} のポート {3} に到着しましたが、待ち受けるソケットがありません。{4} は別のポートで待ち受けているか、動いていません。{5}',
  'the kernel dropped {} at the socket of {}, whose receive queue was full: {}':
    '{2} の受信キューが満杯で、カーネルがソケットで{1}を破棄しました:{3}',
  'the queue between the core of {} and its plugins overran: {} arrived, were read from the socket, and never reached its table':
    '{1} のコアとプラグイン間のキューがあふれました。到着してソケットから読まれた {2} がテーブルに届いていません',
  "{} does not keep the ICMP type and code of {}'s records: {} stand under type 0":
    '{1} は {2} のレコードの ICMP タイプとコードを保持しません。{3} がタイプ 0 に計上されています',
  '{} multiplies by rates that it estimates itself from the sequence of samples, not by the announced 1:{}: {} beside what arrived':
    '{1} は通知された 1:{2} ではなく、サンプルのシーケンスから推定したレートを掛けています。到着値との差は {3}',
  '{} counts every record {} times: {} beyond what arrived':
    '{1} は各レコードを {2} 回数えています。到着値に対し {3} が過剰',
  'the table of {} holds all that arrived {}: {} beside what arrived':
    '{1} のテーブルの値は到着値の {2} です。到着値との差は {3}',
  'totals of all records: {}': '全レコードの累計の総和:{1}',
  '{} adds up the running totals of {}’s records as if each were news: {}':
    '{1} は {2} のレコードの累計を、毎回の差分であるかのように加算しています:{3}',
  '{} exchanges source and destination: {} stand under the other direction than they arrived':
    '{1} は送信元と宛先を入れ替えています。{2} が到着時と逆方向に計上されています',
  'in {} {}: {} stand under other keys than arrived': '{1} で{2}。{3} が到着時と異なるキーに計上されています',
  'in the table of {} {}: {} beside what arrived': '{1} のテーブルで{2}。到着値との差は {3}',
  '{} keeps nothing of {}: {} arrived, while the rest is there':
    '{1} は {2} を一切保持していません。{3} が到着し、ほかはそろっています',
  '{} arrived where {} listens, and nothing is in its table':
    '{2} の待ち受けポートに{1}が到着しましたが、テーブルは空です',

  // Records.
  '{} does not know the interface: {} have 0, and their packets passed {}':
    '{1} はインタフェースを知りません。{2} が 0 ですが、パケットは {3} を通過しました',
  '{} of {} of {} name an interface that their packets did not pass':
    '{3} の{2}のうち {1} 件が、パケットの通過していないインタフェースを示しています',
  '{} of {} name an interface that their packets did not pass':
    '{2} の{1}が、パケットの通過していないインタフェースを示しています',
  '{} of {} of {} have times that are {} s {}, all of them alike{}':
    '{3} の{2}のうち {1} 件の時刻が、一様に {4} 秒{5}時刻になっています{6}',
  '{} of {} have times that are {} {}, all of them alike{}':
    '{2} の{1}の時刻が、一様に {3} {4}時刻になっています{5}',
  ', by as much as time zones differ': '(タイムゾーンの差)',
  '{} of {} of {} have times that are {} s {}: {} times the 2^32 ms after which an uptime starts again':
    '{3} の{2}のうち {1} 件の時刻が {4} 秒{5}時刻になっています(稼働時間が桁あふれする 2^32 ms の {6} 倍)',
  '{} of {} have times that are {} {}: {} times the 2^32 ms after which an uptime starts again':
    '{2} の{1}の時刻が {3} {4}時刻になっています(稼働時間が桁あふれする 2^32 ms の {5} 倍)',
  '{} of {} of {} have times that are not those of their packets{}':
    '{3} の{2}のうち {1} 件の時刻が、パケットの時刻と一致しません{4}',
  '{} of {} have times that are not those of their packets{}':
    '{2} の{1}の時刻が、パケットの時刻と一致しません{3}',
  '; {} end before they begin': '({1} 件は終了が開始より前)',
  '{} of {} of {} have times that cannot be{}': '{3} の{2}のうち {1} 件の時刻があり得ない値です{4}',
  ': half of them are off by {} ms or more, too {}': '(半数は {1} ms 以上のずれ、{2})',
  '{} ({} of {})': '{1}({3}のうち {2})',
  '{} of {} of {} have times in a wrong unit: they take {} of the time that their packets took':
    '{3} の{2}のうち {1} 件の時刻の単位が誤っています。継続時間がパケットの {4} です',
  '{} of {} have times in a wrong unit: they take {} of the time that their packets took':
    '{2} の{1}の時刻の単位が誤っています。継続時間がパケットの {3} です',
  '{} of {} of {} have wrong times: its clock was set {} by {} in between; the first of them left at {}':
    '{3} の{2}のうち {1} 件の時刻が誤っています。途中で時計が {5} 変更されました({4})。最初の送出は {6}',
  '{} of {} have wrong times: its clock was set {} by {} in between; the first of them left at {}':
    '{2} の{1}の時刻が誤っています。途中で時計が {4} 変更されました({3})。最初の送出は {5}',
  '{} of {} of {} have times by a clock that goes {} % too {}':
    '{3} の{2}のうち {1} 件の時刻の元になる時計が {4} % ずれて進んでいます({5})',
  '{} of {} have times by a clock that goes {} % too {}':
    '{2} の{1}の時刻の元になる時計が {3} % ずれて進んでいます({4})',
  '{} of {} has what no arrived record says: {}':
    '{2} の {1} に、到着したどのレコードにもない値があります:{3}',
  '{} of {} of {} have a type of service that no packet of their flows had':
    '{3} の{2}のうち {1} 件の ToS が、フローのどのパケットにもない値です',
  '{} of {} have a type of service that no packet of their flows had':
    '{2} の{1}の ToS が、フローのどのパケットにもない値です',
  '{} of {} of {} have TCP flags that are not those of their packets':
    '{3} の{2}のうち {1} 件の TCP フラグが、パケットのものと一致しません',
  '{} of {} have TCP flags that are not those of their packets':
    '{2} の{1}の TCP フラグが、パケットのものと一致しません',
  on: '進み',
  back: '戻り',
  fast: '速い',
  slow: '遅い',
  early: '早い',
  late: '遅い',

  // Routing.
  '{} has no BGP session, so {} are empty in its table {}; {} knows them':
    '{1} に BGP セッションがないため、テーブル {3} の {2} が空です。{4} は値を持っています',
  '{} (nfacctd) leaves {} of NetFlow v5 records empty in its table {}, though it has the routes of {}':
    '{1}(nfacctd)は {4} の経路を持っていますが、テーブル {3} で NetFlow v5 レコードの {2} を空にしています',
  '{} are empty in {}: its BGP session with {} brought it no route':
    '{2} の {1} が空です。{3} との BGP セッションで経路を受け取っていません',
  '{} are empty in every row of {}, though it has {} routes of {}: its agent map leads elsewhere':
    '{2} の全行で {1} が空です。{4} の経路を {3} 件持っていますが、エージェントマップが対応していません',
  '{} are empty in rows of {} whose other attributes follow the routes of {}: it does not take them from there':
    '{2} の行で {1} が空です。ほかの属性は {3} の経路に従っていますが、この属性は経路から得ていません',
  '{} are empty in rows of {}, though {} has routes: its BGP session was not up when these flows came':
    '{2} の行で {1} が空です。{3} には経路がありますが、フローの到来時に BGP セッションが確立していませんでした',
  '{} in {} are cut to 16 bits': '{2} の {1} が 16 ビットに切り詰められています',
  '{} in {} follow a less specific route than {} has':
    '{2} の {1} が、{3} の持つ経路より短いプレフィックスの経路に従っています',
  '{} in {} follow a route that {} did not have while these flows came':
    '{2} の {1} が、フローの到来時に {3} になかった経路に従っています',
  '{} in {} are not what {} says': '{2} の {1} が {3} の経路と一致しません',
  '{} on {} stands still, stopped by signal {}, and no event asked for it: routes may have been others since':
    '{2} の {1} がイベントなしにシグナル {3} で一時停止しています。以後の経路は変わった可能性があります',
  '{} on {} ended with {}, and no event asked for it: routes may have been others since':
    '{2} の {1} がイベントなしに終了しました(終了コード {3})。以後の経路は変わった可能性があります',
  '{} on {} ended with {} (signal {}), and no event asked for it: routes may have been others since':
    '{2} の {1} がイベントなしに終了しました(終了コード {3}、シグナル {4})。以後の経路は変わった可能性があります',

  // Sampling and timeouts.
  '{} meters every packet, though {}{}': '{1} は全パケットを計測しています({2}){3}',
  'the lab asks for 1:{}': 'ラボの指定は 1:{1}',
  'it announces 1:{}': '通知は 1:{1}',
  '; its collector multiplies, and shows {} times what crossed':
    '。コレクタが乗算し、通過量の {1} 倍を表示しています',
  '{} takes every {}th packet, and as many as it must in all; but {} of {} came in step with its counter and are counted wrong beyond chance ({} %): {}':
    '{1} は {2} 個ごとに 1 パケットを取り、総数は合っていますが、{4}のうち {3} フローがカウンタと同期し、偶然を超える誤りになっています({5} %):{6}',
  '{} samples {} and announces no rate: its volumes are 1/{} of what crossed':
    '{1} は {2} でサンプリングし、レートを通知していません。値は通過量の 1/{3} です',
  '{} samples {}, and {} 1:{}{}': '{1} は {2} でサンプリングし、{3} 1:{4}{5}',
  announces: '通知は',
  'the lab asks for': 'ラボの指定は',
  ', a rate that nobody set': '(設定されていないレート)',
  '{} announces {}: its sampling rate changed while the books were open':
    '{1} は {2} を通知しています。計測中にサンプリングレートが変わりました',
  '1:{} to 1:{}': '1:{1} から 1:{2}',
  'no rate': 'レートなし',
  'none at all': '皆無',
  '{} announces {} {}, and {} sampled of {} to {} that crossed are {}':
    '{1} は{3} {2} を通知していますが、通過した {5} ~ {6} パケットのうち {4} の採取は {7} に当たります',
  '{} announces its rates ({}), and {} does not multiply by them':
    '{1} は自分のレート({2})を通知していますが、{3} は乗算していません',
  '{} of {} AS numbers in records of {} are 0 where its router knows the way':
    '{3} のレコードの AS 番号 {2} 個中 {1} 個が、ルータは経路を知っているのに 0 です',
  '{} of {} AS numbers in records of {} are not what its router’s routes give':
    '{3} のレコードの AS 番号 {2} 個中 {1} 個が、ルータの経路と異なります',
  '{} of {} name a next hop that its router’s routes do not have':
    '{2} の{1}が、ルータの経路にないネクストホップを示しています',
  '{} samples 1:{} and multiplies {} by it itself, but not {}':
    '{1} は 1:{2} でサンプリングし、{3} だけを自分で乗算し、{4} は乗算していません',
  packets: 'パケット数',
  bytes: 'バイト数',
  '{} multiplies its counters by {} itself, and {} by {} once more: its volumes are {} times those of the wire':
    '{1} が自分でカウンタを {2} 倍し、{3} がさらに {4} 倍しています。値は実トラフィックの {5} 倍です',
  '{} multiplies by 1:{} twice: its volumes are {} times those of the wire':
    '{1} は 1:{2} を 2 回掛けています。値は実トラフィックの {3} 倍です',
  "{} announces 1:{}, and {} does not multiply by it: its volumes are 1/{} of the wire's":
    '{1} は 1:{2} を通知していますが、{3} は乗算していません。値は実トラフィックの 1/{4} です',
  '{} multiplies what {} exports by {}; announced is {}':
    '{1} は {2} のエクスポートを {3} 倍しています。通知されたレートは {4}',
  '{} has an active timeout of {}, and {} of its records speak of longer times, up to {}':
    '{1} のアクティブタイムアウトは {2} ですが、レコード {3} 件がそれを超え、最長 {4} です',
  '{} has an inactive timeout of {}, and {} of its records came later after their last packet, up to {}':
    '{1} の非アクティブタイムアウトは {2} ですが、レコード {3} 件の送出がそれより遅れ、最長 {4} です',
  '{} cuts flows before their timeouts: {} of its {} records are followed by another of the same flow, sooner than the timeouts allow':
    '{1} はタイムアウト前にフローを区切っています。{3} 件のレコードのうち {2} 件に、タイムアウトより早く同じフローの次のレコードが続きます',

  '{} of {} row in table {} of {} are those of the way back to the source; their packets came in at {}, from AS {}':
    '{4} のテーブル {3} の {2} 行の {1} は送信元への戻りの経路のものです。パケットは AS {6} から {5} に入りました',
  '{} of {} rows in table {} of {} are those of the way back to the source; their packets came in at {}, from AS {}':
    '{4} のテーブル {3} の {2} 行の {1} は送信元への戻りの経路のものです。パケットは AS {6} から {5} に入りました',

  // What no cause explains.
  '{} {} differ, and no known cause predicts it': '{1}の差({2})を予測する既知の原因はありません',
  '{} between the wire and the exports of {} differ, and no known cause predicts it':
    '実トラフィックと {2} のエクスポートの差({1})を予測する既知の原因はありません',
  '{} between the wire and the exports of {} differ, and no known cause predicts it; the nearest is {}':
    '実トラフィックと {2} のエクスポートの差({1})を予測する既知の原因はありません。最も近いのは {3}',
  '{} between the exports of {} and what arrived at {} differ, and no known cause predicts it':
    '{2} のエクスポートと {3} への到着の差({1})を予測する既知の原因はありません',
  '{} between the exports of {} and what arrived at {} differ, and no known cause predicts it; the nearest is {}':
    '{2} のエクスポートと {3} への到着の差({1})を予測する既知の原因はありません。最も近いのは {4}',
  '{} between what arrived of {} and the table of {} differ, and no known cause predicts it':
    '{2} からの到着と {3} のテーブルの差({1})を予測する既知の原因はありません',
  '{} between what arrived of {} and the table of {} differ, and no known cause predicts it; the nearest is {}':
    '{2} からの到着と {3} のテーブルの差({1})を予測する既知の原因はありません。最も近いのは {4}',
}
